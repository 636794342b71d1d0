import { AttuneError, isAttuneError, throwIfCancelled, type OnProgress } from '@attune/core';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { readBytes, scoreOfBytes } from '../../node/read-score-file.ts';
import { writeWhole } from '../../node/write-piece.ts';
import { meanStateNames, meanStates, requireLayers, telltaleLayers } from './mean-states.ts';
import { loadNoteStates } from './shipped-note-states.ts';

/** Of longer pieces the first window only, as in the benchmark: more costs in proportion. */
export const USUAL_WINDOWS = 1;

/** What `attune-generate states` is asked for. */
export interface StatesCommandOptions {
  /** The CSV file to write. */
  readonly out: string;
  /** Counted from 1; default: `telltaleLayers`. */
  readonly layers?: readonly number[];
  /** Windows of notes that are read of a piece, from its start; default 1. */
  readonly windows?: number;
  /** Checkpoint folder of another Transformer than the shipped one. */
  readonly model?: string;
  readonly log?: (line: string) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Writes mean hidden states of MIDI files as a table: a header `file,sha256,…` whose other columns begin with name and version of
 * the network, and one row a file. Files of a folder go by their path from it. What cannot be read is logged and left out; the
 * table appears whole or not at all. Resolves to the number of rows. Throws `argument/invalid` where no file can be read, a path
 * that is not there or a layer that there is not; `checkpoint/…` for a broken model; `cancelled`.
 */
export async function statesCommand(
  paths: readonly string[],
  { out, layers, windows = USUAL_WINDOWS, model, log, onProgress, signal }: StatesCommandOptions,
): Promise<number> {
  const files = paths.flatMap(midiFiles);
  const network = await loadNoteStates({
    mostWindows: windows,
    ...(model !== undefined && { folder: model }),
    ...(log && { log }),
  });
  try {
    const wanted = layers ?? telltaleLayers(network);
    requireLayers(network, wanted);
    const lines = [cells(['file', 'sha256', ...meanStateNames(network, wanted)])];
    for (const [done, { name, file }] of files.entries()) {
      throwIfCancelled(signal);
      onProgress?.({ done, total: files.length, stage: `reading ${name}` });
      await new Promise((resolve) => setImmediate(resolve)); // so that a signal is heard between files
      try {
        const bytes = readBytes(file);
        const states = meanStates(network, scoreOfBytes(file, bytes), wanted);
        const digest = createHash('sha256').update(bytes).digest('hex');
        lines.push(cells([name, digest, ...states.map(String)]));
      } catch (error) {
        if (!isAttuneError(error)) throw error;
        log?.(`left out ${name}: ${error.message}`);
      }
    }
    throwIfCancelled(signal);
    if (lines.length === 1)
      throw new AttuneError('argument/invalid', `No MIDI file of ${paths.join(', ')} can be read.`);
    writeWhole(out, `${lines.join('\n')}\n`);
    return lines.length - 1;
  } finally {
    network.dispose();
  }
}

interface NamedFile {
  /** As the table names it: the path as given, or from the folder that was given. */
  readonly name: string;
  readonly file: string;
}

/** The file, or every MIDI file of the folder and its sub-folders, by their first bytes, in the order of their paths. */
function midiFiles(given: string): NamedFile[] {
  const stats = statSync(given, { throwIfNoEntry: false });
  if (!stats)
    throw new AttuneError('argument/invalid', `There is no file or folder ${given}.`, { file: given });
  if (!stats.isDirectory()) return [{ name: given, file: given }];
  return readdirSync(given, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(beginsAsMidi)
    .map((file) => ({ name: path.relative(given, file).split(path.sep).join('/'), file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function beginsAsMidi(file: string): boolean {
  const start = new Uint8Array(4);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, 4, 0);
  } finally {
    closeSync(handle);
  }
  return String.fromCharCode(...start) === 'MThd';
}

/** One line of comma-separated values (RFC 4180). */
function cells(values: readonly string[]): string {
  return values
    .map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',');
}
