import { createRng, throwIfCancelled, type OnProgress } from '@attune/core';
import { decodeAudio, mixToMono } from '@attune/core/audio';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AUDIO_STYLE_FEATURES, createWindowPlan, readWindows, type ReadWindow } from '../audio-windows.ts';
import { CHANGES } from './audio-data.ts';
import { requireFinite } from './finite-row.ts';

/** A file of sound after one of `CHANGES`. */
export interface ChangedFile {
  /** Path from the folder, with forward slashes. */
  readonly id: string;
  /** A key of `CHANGES`. */
  readonly change: string;
  readonly windows: readonly ReadWindow[];
}

/**
 * Every file after each of `CHANGES`, file by file: each is decoded once, and what a caller does not keep is not held. Deterministic in
 * seed and id. Throws `cancelled` between two changes, `feature/invalid` for a value that is no number, and what decoding
 * throws.
 */
export async function* hearChanged(
  folder: string,
  ids: readonly string[],
  { seed, signal, onProgress }: { readonly seed: number; readonly signal?: AbortSignal; readonly onProgress?: OnProgress }, // prettier-ignore
): AsyncGenerator<ChangedFile, void, undefined> {
  const plan = createWindowPlan();
  for (const [done, id] of ids.entries()) {
    onProgress?.({ done, total: ids.length, stage: `${id} after changes` });
    const decoded = await decodeAudio(new Uint8Array(readFileSync(path.join(folder, id))));
    const clip = decoded.channels.length > 2 ? mixToMono(decoded) : decoded; // MP3 holds two channels at most
    for (const [change, make] of Object.entries(CHANGES)) {
      await new Promise((resolve) => setImmediate(resolve)); // so that a signal is heard between changes
      throwIfCancelled(signal);
      const windows = readWindows(await make(clip, createRng(seed).fork(id)), plan);
      for (const { features } of windows) requireFinite(features, AUDIO_STYLE_FEATURES, `${id} (${change})`);
      yield { id, change, windows };
    }
  }
}

/**
 * At most so many of the ids, spread evenly over their order, which is by label: what a training keeps of changed files is bounded by it.
 */
export function someOf(ids: readonly string[], most: number): string[] {
  if (ids.length <= most) return [...ids];
  return Array.from({ length: most }, (_, i) => ids[Math.floor((i * ids.length) / most)]!);
}
