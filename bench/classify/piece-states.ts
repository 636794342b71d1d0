import { isAttuneError } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import type { DataItem } from '@attune/core/node';
import { loadNoteStates, meanStates, telltaleLayers } from '@attune/generate/node';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Of longer pieces the first window of 512 notes: more costs in proportion. */
const MOST_WINDOWS = 1;

/** By id, mean hidden states of the shipped Transformer, of its middle layer and its last. */
export type PieceStates = ReadonlyMap<string, readonly number[]>;

/**
 * Runs the shipped Transformer over whole pieces, told nothing of their style, and keeps the outcome in `file`: pieces that
 * are there already are not run again. The Transformer knows the training pieces of all sets, and none of the test tenth.
 */
export async function readPieceStates(file: string, items: readonly DataItem[]): Promise<PieceStates> {
  const found = new Map<string, number[]>(
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, number[]][]) : [],
  );
  const missing = items.filter(({ id }) => !found.has(id));
  if (missing.length === 0) return found;
  const network = await loadNoteStates({ mostWindows: MOST_WINDOWS, log: console.log });
  for (const [i, item] of missing.entries()) {
    try {
      found.set(item.id, meanStates(network, readMidi(item.bytes()), telltaleLayers(network)));
    } catch (error) {
      if (!isAttuneError(error)) throw error;
      console.log(`left out ${item.id}: ${error.message}`);
    }
    if (i % 100 !== 99 && i < missing.length - 1) continue;
    console.log(`${i + 1} of ${missing.length} pieces`);
    writeFileSync(file, JSON.stringify([...found]));
  }
  network.dispose();
  return found;
}
