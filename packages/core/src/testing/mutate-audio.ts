import type { AudioFormat } from '../audio/audio-format.ts';
import type { Rng } from '../foundation/rng.ts';
import type { AudioSeed } from './audio-seeds.ts';
import { BYTE_MUTATIONS, pick, type Mutation } from './mutate-bytes.ts';
import { FLAC_MUTATIONS } from './mutate-flac.ts';
import { MP3_MUTATIONS } from './mutate-mp3.ts';
import { OGG_MUTATIONS } from './mutate-ogg.ts';
import { WAV_MUTATIONS } from './mutate-wav.ts';

/** A damaged file, what it was made from and what was done to it. */
export interface MutatedAudio {
  readonly seed: AudioSeed;
  readonly mutation: string;
  readonly bytes: Uint8Array;
}

const STRUCTURED: Readonly<Record<AudioFormat, Readonly<Record<string, Mutation>>>> = {
  wav: WAV_MUTATIONS,
  mp3: MP3_MUTATIONS,
  flac: FLAC_MUTATIONS,
  'ogg-vorbis': OGG_MUTATIONS,
  'ogg-opus': OGG_MUTATIONS,
};

/** A damaged file: one to three mutations of one kind; twice in three of a kind that knows the format. */
export function mutateAudio(seeds: readonly AudioSeed[], rng: Rng): MutatedAudio {
  const seed = pick(seeds, rng);
  const kinds = rng.integer(3) > 0 ? STRUCTURED[seed.format] : BYTE_MUTATIONS;
  const mutation = pick(Object.keys(kinds), rng);
  let bytes = seed.bytes;
  for (let n = pick([1, 1, 2, 3], rng); n > 0; n--) {
    if (bytes.length > 0) bytes = kinds[mutation]!(bytes, rng, pick(seeds, rng).bytes);
  }
  return { seed, mutation, bytes };
}
