import { createScore, type Note, type Rng, type Score } from '@attune/core';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from '../drums/drum-style-features.ts';
import type { AudioClip } from '@attune/core/audio';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from '@attune/core/features';
import { createWindowPlan, readWindows, windowReader } from '../audio-windows.ts';
import { areaUnderRoc } from '../metrics/selective.ts';
import { conclude, featureIndices, judge, type StyleModel, type Verdict } from '../model/style-model.ts';

const RATE = 22_050;
const SECONDS = 5;
const TICKS_PER_QUARTER = 480;

/** How well a model tells what is no music of its world, made by formula, from the test items (target C5). */
export interface Rejection {
  readonly strangers: number;
  /** Share of the strangers that get no label. */
  readonly refused: number;
  /** Area under ROC of the strangeness, strangers against test items. */
  readonly areaUnderRoc: number;
}

/** Silence, sines, sweeps, coloured noises, noise in bursts at the rate of syllables, clicks. */
export function strangeClips(rng: Rng): AudioClip[] {
  const clips = [clipOf(() => 0), clipOf((n) => (n % 11_025 === 5000 ? 0.9 : 0))];
  for (const hertz of [60, 220, 440, 1000, 3000, 8000])
    clips.push(clipOf((n) => 0.4 * Math.sin((2 * Math.PI * hertz * n) / RATE)));
  for (const top of [2000, 8000])
    clips.push(clipOf((n) => 0.4 * Math.sin((Math.PI * top * n * n) / (RATE * RATE * SECONDS))));
  for (const pole of [0, 0.5, 0.9, 0.98]) {
    let last = 0;
    clips.push(clipOf(() => (last = pole * last + 0.1 * rng.normal())));
  }
  for (const syllables of [2, 4, 7]) {
    let last = 0;
    clips.push(
      clipOf(
        (n) =>
          (last = 0.85 * last + 0.1 * rng.normal()) *
          Math.max(0, Math.sin((2 * Math.PI * syllables * n) / RATE)),
      ),
    );
  }
  return clips;
}

/**
 * Sounds to learn rejection from: the same kinds as `strangeClips` with parameters drawn at random, so that those stay
 * unseen.
 */
export function randomStrangeClip(rng: Rng): AudioClip {
  const hertz = 40 * 200 ** rng.uniform();
  const pole = rng.uniform() ** 0.5 * 0.99;
  const rate = 1 + 9 * rng.uniform();
  const tone = rng.uniform() < 0.5 ? 0 : 0.3 * rng.uniform();
  const period = Math.round(RATE / rate);
  let last = 0;
  let envelope = 1;
  const noise = (): number => (last = pole * last + 0.1 * rng.normal());
  const kinds: ((n: number) => number)[] = [
    noise,
    (n) => noise() * Math.max(0, Math.sin((2 * Math.PI * rate * n) / RATE)),
    (n) => {
      if (n % period === 0) envelope = rng.uniform() ** 2; // bursts of uneven strength, as syllables
      return noise() * envelope * Math.sin((Math.PI * (n % period)) / period);
    },
    (n) => 0.4 * Math.sin((2 * Math.PI * hertz * n) / RATE),
    (n) => 0.4 * Math.sin((Math.PI * hertz * n * n) / (RATE * RATE * SECONDS)),
    (n) => (n % period === 7 ? 0.9 : 0) + tone * 0.01 * noise(),
    (n) => 0.3 * Math.sin((2 * Math.PI * hertz * n) / RATE) + tone * noise(),
    () => 1e-5 * rng.normal(),
  ];
  return clipOf(kinds[rng.integer(kinds.length)]!);
}

/** Notes thrown at random, one note held, one note repeated, clusters of all keys, a chromatic machine. */
export function strangeScores(rng: Rng): Score[] {
  const random = (): Note => ({
    start: rng.integer(32 * TICKS_PER_QUARTER),
    duration: 1 + rng.integer(4 * TICKS_PER_QUARTER),
    pitch: rng.integer(128),
    velocity: 1 + rng.integer(127),
  });
  const notes = (count: number, note: (i: number) => Note): Score =>
    createScore({
      tracks: [{ program: rng.integer(128), notes: Array.from({ length: count }, (_, i) => note(i)) }],
    });
  return [
    ...[50, 200, 800].flatMap((count) => [notes(count, random), notes(count, random)]),
    notes(1, () => ({ start: 0, duration: 64 * TICKS_PER_QUARTER, pitch: 20, velocity: 127 })),
    notes(400, (i) => ({ start: i * 30, duration: 15, pitch: 118, velocity: 127 })),
    notes(640, (i) => ({
      start: Math.floor(i / 64) * TICKS_PER_QUARTER,
      duration: TICKS_PER_QUARTER,
      pitch: 30 + (i % 64),
      velocity: 100,
    })),
    notes(800, (i) => ({ start: i * 20, duration: 20, pitch: 10 + (i % 110), velocity: 100 })),
  ];
}

/** Rejection of `strangeClips`, for a model of sound; `familiar`: the strangeness of the items that are music. */
export function measureAudioRejection(model: StyleModel, familiar: readonly number[], rng: Rng): Rejection {
  const read = windowReader(model);
  const plan = createWindowPlan();
  return rejectionOf(
    model,
    familiar,
    strangeClips(rng).map((clip) => readWindows(clip, plan).map((window) => judge(model, read(window)))),
  );
}

/** The same of `strangeScores`, for a model of symbolic features. */
export function measureSymbolicRejection(
  model: StyleModel,
  familiar: readonly number[],
  rng: Rng,
): Rejection {
  const indices = featureIndices(
    model,
    SYMBOLIC_FEATURES.map(({ name }) => name),
  );
  const verdict = (score: Score): Verdict => {
    const row = extractSymbolicFeatures(score);
    return judge(
      model,
      indices.map((index) => row[index]!),
    );
  };
  return rejectionOf(
    model,
    familiar,
    strangeScores(rng).map((score) => [verdict(score)]),
  );
}

/** What no drummer plays: strokes at random on random drums, one drum as a machine gun, all drums at once, one stroke. */
export function strangeDrums(rng: Rng): Score[] {
  const drums = (count: number, note: (i: number) => Note): Score =>
    createScore({ tracks: [{ isDrum: true, notes: Array.from({ length: count }, (_, i) => note(i)) }] });
  const random = (): Note => ({
    start: rng.integer(32 * TICKS_PER_QUARTER),
    duration: 20,
    pitch: 35 + rng.integer(47),
    velocity: 1 + rng.integer(127),
  });
  return [
    ...[30, 100, 300, 1000].flatMap((count) => [drums(count, random), drums(count, random)]),
    drums(1, () => ({ start: 0, duration: 20, pitch: 38, velocity: 100 })),
    drums(600, (i) => ({ start: i * 20, duration: 10, pitch: 38, velocity: 127 })),
    drums(47 * 16, (i) => ({
      start: Math.floor(i / 47) * TICKS_PER_QUARTER,
      duration: 20,
      pitch: 35 + (i % 47),
      velocity: 100,
    })),
    drums(400, (i) => ({ start: i * 37, duration: 20, pitch: 35 + (i % 47), velocity: 64 })),
  ];
}

/** The same of `strangeDrums`, for a model of `DRUM_STYLE_FEATURES`. */
export function measureDrumRejection(model: StyleModel, familiar: readonly number[], rng: Rng): Rejection {
  const indices = featureIndices(model, DRUM_STYLE_FEATURES);
  return rejectionOf(
    model,
    familiar,
    strangeDrums(rng).map((score) => {
      const row = extractDrumFeatures(score);
      return [
        judge(
          model,
          indices.map((index) => row[index]!),
        ),
      ];
    }),
  );
}

function rejectionOf(
  model: StyleModel,
  familiar: readonly number[],
  strangers: readonly (readonly Verdict[])[],
): Rejection {
  const strangeness = strangers.map(
    (verdicts) => verdicts.reduce((sum, verdict) => sum + verdict.strangeness, 0) / verdicts.length,
  );
  const refused = strangers.filter((verdicts) => conclude(model, verdicts).label === null).length;
  return {
    strangers: strangers.length,
    refused: refused / strangers.length,
    areaUnderRoc: areaUnderRoc(strangeness, familiar),
  };
}

function clipOf(wave: (n: number) => number): AudioClip {
  return { sampleRate: RATE, channels: [Float32Array.from({ length: RATE * SECONDS }, (_, n) => wave(n))] };
}
