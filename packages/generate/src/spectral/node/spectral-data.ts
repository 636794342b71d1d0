import { AttuneError } from '@attune/core';
import { decodeAudio, type AudioClip } from '@attune/core/audio';
import { loadSoundFont, openDataSet, splitOf, type Split } from '@attune/core/node';
import path from 'node:path';
import { BINS, framesOfClip } from '../frames.ts';
import { framesOfTones, joinRows, renderTones, TONE_PROGRAMS, tonesOf, type SoundingTone } from '../tones.ts';
import { spread, type PitchedFrames } from '../train-spectral.ts';

const CLIP_SET = 'rendered-audio';
/** Of a clip's frames, which overlap by three quarters, every third one is learned; of a tone's every second. */
const CLIP_STEP = 3;
const TONE_STEP = 2;
/** Frames further than this under the loudest of their clip are left out, dB. */
const QUIET_DB = -60;

/** A clip of a data set. */
export interface DataClip {
  readonly id: string;
  readonly clip: AudioClip;
}

/** Everything that is learned from in one part of the split. */
export interface SpectralData {
  /** [count, BINS]: frames of clips, then of tones. */
  readonly frames: Float32Array;
  readonly clips: number;
  readonly tones: PitchedFrames;
}

/** Programs of a part: tones are split by program, so that held-out tones are of instruments never heard. */
export function programsOf(split: Split): number[] {
  return TONE_PROGRAMS.filter((program) => splitOf(`tone-program-${program}`) === split);
}

/** Tones of the programs of a part, played by the shipped SoundFont. */
export async function tonesOfSplit(split: Split): Promise<SoundingTone[]> {
  return renderTones(tonesOf(programsOf(split)), await loadSoundFont());
}

/**
 * Decoded clips of a part of the rendered-audio set in the data folder, or of all of `test`, a set folder; at most `most` of them, evenly
 * spread over the set.
 * Throws `dataset/missing` and `dataset/malformed`, the latter also where a part has no clip.
 */
export async function* clipsOfSplit(
  data: string,
  split: Split,
  { test, most = Infinity }: { readonly test?: string; readonly most?: number } = {},
): AsyncGenerator<DataClip> {
  const { items, name } = openDataSet(test ?? path.join(data, CLIP_SET));
  const own = test === undefined ? items.filter(({ group }) => splitOf(group) === split) : items;
  if (own.length === 0) {
    throw new AttuneError('dataset/malformed', `${name} has no clips for ${split}.`, { set: name, split });
  }
  for (const item of spread(own, most)) yield { id: item.id, clip: await decodeAudio(item.bytes()) };
}

/** Clips and tones of a part as frames. */
export async function readSpectralData(
  data: string,
  split: Split,
  log: (line: string) => void,
): Promise<SpectralData> {
  const rows: Float32Array[] = [];
  let clips = 0;
  for await (const { id, clip } of clipsOfSplit(data, split)) {
    try {
      rows.push(framesWorthLearning(clip));
      clips++;
    } catch (error) {
      if (!(error instanceof AttuneError)) throw error;
      log(`${id} is left out: ${error.message}`);
    }
  }
  const tones = framesOfTones(await tonesOfSplit(split), TONE_STEP);
  return { frames: joinRows([...rows, tones.shape]), clips, tones };
}

/** [count, BINS]: every third frame that can be heard. */
export function framesWorthLearning(clip: AudioClip): Float32Array {
  const { count, level, shape } = framesOfClip(clip);
  const rows: Float32Array[] = [];
  for (let t = 0; t < count; t += CLIP_STEP) {
    if (level[t]! >= QUIET_DB) rows.push(shape.slice(t * BINS, (t + 1) * BINS));
  }
  return joinRows(rows);
}
