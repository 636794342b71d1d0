import { isAttuneError } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import type { DataItem } from '@attune/core/node';
import { encodeScore, loadNoteStates } from '@attune/generate/node';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Of longer pieces the first window of 512 notes: more costs in proportion. */
const MOST_WINDOWS = 1;
/** The layers that are kept: the middle, and the last. */
const LAYERS = [2, 5];

/** By id, mean hidden states of the shipped Transformer of the layers `LAYERS`, one after the other. */
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
      const { sequence } = encodeScore(readMidi(item.bytes()), {
        id: item.id,
        set: item.set,
        style: undefined,
      });
      const layers = network.statesOf({ id: item.id, sequence, conditioning: {} });
      found.set(
        item.id,
        LAYERS.flatMap((layer) =>
          Array.from(layers[layer]!.subarray(0, network.width), (value) => Number(value.toFixed(4))),
        ),
      );
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
