import { createRng, throwIfCancelled } from '@attune/core';
import { CONFIG_FILE, readCheckpoint } from '@attune/core/nn';
import { openDataSets, readCheckpointFolder, styleOfRow } from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DENSE_KIND, parseDenseConfig } from '../../dense/config.ts';
import { createDenseModel } from '../../dense/forward.ts';
import { shippedDenseFolder } from '../../dense/node/shipped-dense.ts';
import { natsPerNote, type EncodedPiece, type NoteModel } from '../../evaluate/note-model.ts';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import type { FamilySampler } from '../../family/model-family.ts';
import { createDenseSampler } from '../../dense/dense-sampler.ts';
import { encodeStyledPiece, readNoteCorpus } from './note-corpus.ts';
import { createNgramSampler, NGRAM_KIND, readNgram } from '../config.ts';
import { shippedNgramFolder } from './shipped-ngram.ts';
import { readMidiLenient } from '@attune/core/midi';

/** Held-out pieces of each collected set, and held-out arrangements. */
const PER_SET = 12;
const ARRANGED = 24;

/**
 * Nats a note of held-out pieces by style: uniform choice, the n-gram and the dense network side by side, whichever
 * of the two was asked for; and how fast each draws. The other one is the shipped one, and is left out where it is
 * absent.
 */
export async function evaluateNoteModels(options: FamilyEvaluateOptions): Promise<readonly FamilyTable[]> {
  const named = options.model && readCheckpoint(readCheckpointFolder(options.model)).kind;
  const folderOf = (kind: string, shipped: string): string => (named === kind ? options.model! : shipped);
  const models: NoteModel[] = [];
  const samplers: FamilySampler[] = [];
  const ngram = folderOf(NGRAM_KIND, shippedNgramFolder());
  if (existsSync(path.join(ngram, CONFIG_FILE))) {
    const checkpoint = readCheckpoint(readCheckpointFolder(ngram), { kind: NGRAM_KIND });
    models.push(readNgram(checkpoint).model);
    samplers.push(createNgramSampler(checkpoint));
  }
  const dense = folderOf(DENSE_KIND, shippedDenseFolder());
  if (existsSync(path.join(dense, CONFIG_FILE))) {
    const checkpoint = readCheckpoint(readCheckpointFolder(dense), { kind: DENSE_KIND });
    models.push(createDenseModel(parseDenseConfig(checkpoint.config), checkpoint.parameters));
    samplers.push(createDenseSampler(checkpoint));
  }
  options.log('Reading the held-out pieces …');
  const byStyle = new Map<string, EncodedPiece[]>();
  for (const piece of heldOutPieces(options)) {
    const style = piece.conditioning.style!;
    byStyle.set(style, [...(byStyle.get(style) ?? []), piece]);
  }
  return [await natsTable(byStyle, models, options.signal), await speedTable(samplers, options.seed)];
}

function heldOutPieces({ data, test, limit }: FamilyEvaluateOptions): Iterable<EncodedPiece> {
  if (test === undefined) {
    return readNoteCorpus(data, 'test', {
      perSet: limit ?? PER_SET,
      arranged: limit === undefined ? ARRANGED : 6 * limit,
    });
  }
  return openDataSets(test).flatMap((set) =>
    set.items.slice(0, limit ?? Infinity).flatMap((item) => {
      const style = styleOfRow(set.name, item.row);
      const piece = style && encodeStyledPiece(item.id, readMidiLenient(item.bytes()).score, style);
      return piece ? [piece] : [];
    }),
  );
}

async function natsTable(
  byStyle: ReadonlyMap<string, readonly EncodedPiece[]>,
  models: readonly NoteModel[],
  signal: AbortSignal | undefined,
): Promise<FamilyTable> {
  const rows: string[][] = [];
  const all = [...byStyle].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [style, pieces] of [...all, ['all', all.flatMap(([, own]) => own)] as const]) {
    const cells: string[] = [];
    let notes = 0;
    for (const model of models) {
      throwIfCancelled(signal);
      const summary = await natsPerNote(model, pieces);
      notes = summary.notes;
      cells.push(summary.natsPerNote.toFixed(3));
    }
    rows.push([style, String(notes), ...cells]);
  }
  return {
    title: 'Nats a note of held-out pieces, told the style (lower is better; the closing step is charged)',
    header: ['style', 'notes', ...models.map(({ name }) => name)],
    rows,
  };
}

async function speedTable(samplers: readonly FamilySampler[], seed: number): Promise<FamilyTable> {
  const rows: string[][] = [];
  for (const sampler of samplers) {
    const started = performance.now();
    const samples = await sampler.sample({
      seed: createRng(seed).uint32(),
      count: 4,
      inputs: [],
      settings: { bars: 8 },
    });
    const seconds = (performance.now() - started) / 1000;
    const notes = samples.reduce(
      (sum, { score }) => sum + score!.tracks.reduce((n, track) => n + track.notes.length, 0),
      0,
    );
    rows.push([sampler.name, (notes / seconds).toFixed(0), (seconds / samples.length).toFixed(2)]);
  }
  return {
    title: 'Speed on one core: 4 pieces of 8 bars',
    header: ['model', 'notes a second', 'seconds a piece'],
    rows,
  };
}
