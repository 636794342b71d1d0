import {
  countNotes,
  createRng,
  EXACTLY,
  findKey,
  findKeys,
  firstDifference,
  isAttuneError,
  quantiseScore,
  recogniseChords,
  type Score,
} from '@attune/core';
import {
  decodeAudio,
  encodeFlac,
  encodeMp3,
  measureLoudness,
  resample,
  writeWav,
  type AudioClip,
} from '@attune/core/audio';
import {
  createFeaturePlan,
  extractAudioFeatures,
  extractSymbolicFeatures,
  trackBeats,
} from '@attune/core/features';
import { readMidi, readMidiFile, readMidiLenient, writeMidi, writeMidiFile } from '@attune/core/midi';
import { readAbc, writeMusicXml } from '@attune/core/notation';
import { createRealFft, inverseStft, stft } from '@attune/core/spectral';
import { styleVectorOf } from '@attune/core/style';
import { HOSTILE_MIDI, randomScore } from '@attune/core/testing';
import { compoundTokenizer, midiLikeTokenizer, remiTokenizer } from '@attune/core/tokens';
import { createGenerator, type Precision } from '@attune/generate';
import { createTinyCheckpoint } from '../../packages/generate/src/transformer/test-checkpoint.ts';

/** What a piece of work comes to. */
export type Outcome = Uint8Array | Int32Array | Float32Array | Float64Array;
export type Work = () => Outcome | Promise<Outcome>;

/**
 * Pieces of work whose outcome must not depend on where they run. Inputs are made of whole numbers and seeded
 * chance alone, so that both sides begin with the same bits.
 */
export const WORKS: Readonly<Record<string, Work>> = {
  'MIDI written, read and written again': () =>
    joinBytes(SCORES.map((score) => writeMidi(readMidi(writeMidi(score))))),
  'MIDI without loss, event by event': () =>
    joinBytes(SCORES.map((score) => writeMidiFile(readMidiFile(writeMidi(score))))),
  'scores read from MIDI': () => json(SCORES.map((score) => readMidi(writeMidi(score)))),
  'hostile MIDI, its repairs and refusals': () =>
    json(HOSTILE_MIDI.map(({ bytes }) => orRefusal(() => summaryOf(readMidiLenient(bytes()))))),
  'what quantising changes first': () =>
    json(SCORES.map((score) => firstDifference(score, quantiseScore(score, 4), EXACTLY) ?? 'nothing')),
  'notes composed': () => composed('float32'),
  'notes composed from int8 weights': () => composed('int8'),
  'compound steps': () =>
    Int32Array.from(SCORES.flatMap((score) => [...compoundTokenizer.encode(score).sequence.steps])),
  'REMI tokens': () =>
    Int32Array.from(SCORES.flatMap((score) => [...remiTokenizer.encode(score).sequence.tokens])),
  'MIDI-like tokens': () =>
    Int32Array.from(SCORES.flatMap((score) => [...midiLikeTokenizer.encode(score).sequence.tokens])),
  'chords and keys': () =>
    json(SCORES.slice(0, 10).map((score) => [recogniseChords(score), findKeys(score)])),
  MusicXML: () => json(SCORES.slice(0, 4).map((score) => writeMusicXml(score))),
  'scores read from ABC': () => json(readAbc(TUNE)),
  'WAV of 24 bits': () => writeWav(CLIP, { bits: 24 }),
  'MP3 of 128 kbit/s': () => encodeMp3(CLIP, { kbps: 128 }),
  'FLAC of 16 bits': () => encodeFlac(CLIP),
  'sound decoded from FLAC': async () => samplesOf(await decodeAudio(await encodeFlac(CLIP))),
  'sound decoded from MP3': async () => samplesOf(await decodeAudio(await encodeMp3(CLIP, { kbps: 128 }))),
  'key correlations': () =>
    joinNumbers(SCORES.map((score) => findKey(score)?.ranking.map((key) => key.correlation) ?? [])),
  'symbolic features': () => joinNumbers(SCORES.map((score) => extractSymbolicFeatures(score))),
  'style vectors': () => joinNumbers(SCORES.map((score) => styleVectorOf(score).values)),
  'resampled sound': () => samplesOf(resample(CLIP, 16_000)),
  'Fourier transform': () => spectrumOf(CLIP.channels[0]!.subarray(0, 4096)),
  'spectrogram and the way back': () => inverseStft(stft(CLIP.channels[0]!)),
  'loudness and true peak': () => {
    const { integratedLufs, rangeLu, truePeakDb, momentaryLufs } = measureLoudness(CLIP);
    return joinNumbers([[integratedLufs, rangeLu, truePeakDb], momentaryLufs]);
  },
  'log-mel in f64': () => extractAudioFeatures(CLIP).logMel,
  'MFCC in f64': () => extractAudioFeatures(CLIP).mfcc,
  'chroma in f64': () => extractAudioFeatures(CLIP).chroma,
  'spectral shape in f64': () => {
    const { centroid, spread, rolloff, flatness, rms, zeroCrossings, onsetStrength } =
      extractAudioFeatures(CLIP);
    return joinSingles([centroid, spread, rolloff, flatness, rms, zeroCrossings, onsetStrength]);
  },
  'log-mel in f32': () => createFeaturePlan(IN_F32).extract(CLIP.channels[0]!).logMel,
  'MFCC in f32': () => createFeaturePlan(IN_F32).extract(CLIP.channels[0]!).mfcc,
  'spectral shape in f32': () => {
    const { centroid, spread, rolloff, flatness, chroma } = createFeaturePlan(IN_F32).extract(
      CLIP.channels[0]!,
    );
    return joinSingles([centroid, spread, rolloff, flatness, chroma]);
  },
  'beats in seconds': () => {
    const { onsetStrength, frameRate } = extractAudioFeatures(CLIP);
    return Float64Array.from(trackBeats(onsetStrength, frameRate).beats);
  },
};

const SCORES: readonly Score[] = Array.from({ length: 40 }, (_, seed) => randomScore(createRng(seed))).filter(
  (score) => score.tracks.some((track) => track.notes.length > 0),
);

const TUNE =
  'X:1\nT:Up and down\nM:6/8\nL:1/8\nQ:3/8=100\nK:G\n|: GAB d2e | (3dBG A3 :|[1 g2e dBd :|[2 G6 |]\n';

const IN_F32 = {
  sampleRate: 22_050,
  precision: 'f32',
  features: ['logMel', 'mfcc', 'centroid', 'spread', 'rolloff', 'flatness', 'chroma'],
} as const;

/** Two seconds in stereo: a falling ladder of square waves, and noise; each sample is a multiple of 2⁻¹⁵. */
const CLIP: AudioClip = createClip(22_050, 44_100);

function createClip(sampleRate: number, length: number): AudioClip {
  const rng = createRng(1);
  const left = Float32Array.from({ length }, (_, n) => {
    const halfPeriod = 20 + 7 * Math.floor(n / 5000);
    return (Math.floor(n / halfPeriod) % 2 === 0 ? 8192 : -8192) / 32_768;
  });
  const right = Float32Array.from({ length }, () => (rng.integer(8192) - 4096) / 32_768);
  return { sampleRate, channels: [left, right] };
}

/** Runs every piece of work, in order. */
export async function runWorks(): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const [name, work] of Object.entries(WORKS)) outcomes.set(name, await work());
  return outcomes;
}

/** Some of the files have tens of thousands of notes and repairs. */
function summaryOf({ score, repairs }: ReturnType<typeof readMidiLenient>): unknown {
  return { notes: countNotes(score), repairs: repairs.length, first: repairs.slice(0, 5) };
}

function orRefusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (isAttuneError(error)) return { code: error.code, message: error.message };
    throw error;
  }
}

/** Two pieces of a tiny random model, composed at once, longer than its window. */
async function composed(precision: Precision): Promise<Outcome> {
  const generator = createGenerator(createTinyCheckpoint(4), { precision });
  const pieces = await Promise.all(
    [1, 2].map((seed) => generator.generate({ conditioning: { instruments: [0] }, bars: 120, seed })),
  );
  return json(pieces.map(({ score, nats }) => [score, nats.toFixed(9)]));
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function joinNumbers(parts: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

function joinSingles(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

function samplesOf({ channels }: AudioClip): Float32Array {
  return joinSingles(channels);
}

function spectrumOf(samples: Float32Array): Float64Array {
  const bins = samples.length / 2 + 1;
  const [re, im] = [new Float64Array(bins), new Float64Array(bins)];
  createRealFft(samples.length).transform(Float64Array.from(samples), re, im);
  return joinNumbers([re, im]);
}
