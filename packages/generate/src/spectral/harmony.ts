import {
  chordTones,
  createTempoMap,
  findKeyOfHistogram,
  KRUMHANSL_KESSLER,
  recogniseChords,
  scoreDuration,
  type MidiPitch,
  type PitchClass,
  type Rng,
  type Score,
  type Second,
} from '@attune/core';
import { clipDuration, type AudioClip } from '@attune/core/audio';
import { ANALYSIS_RATE, createFeaturePlan, extractAudioFeatures } from '@attune/core/features';

/** What sounds in a stretch of a texture: its lowest pitch first. */
export interface HarmonySpan {
  readonly start: Second;
  readonly end: Second;
  /** Empty: nothing sounds. */
  readonly pitches: readonly MidiPitch[];
}

/** The bass lies in an octave from here, the other tones in an octave around the middle. */
const LOWEST_BASS: MidiPitch = 38;
const MIDDLE: MidiPitch = 62;
/** A clip's harmony is taken to change no sooner than this. */
const CLIP_SPAN: Second = 1.5;
const SEEDED_SPAN: Second = 4;

/** Progressions of diatonic triads by scale step, common in major and in minor. */
const PROGRESSIONS = [
  [0, 3, 4, 0],
  [0, 5, 3, 4],
  [0, 3, 0, 4],
  [0, 5, 1, 4],
  [0, 4, 5, 3],
] as const;
const SCALES = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10] } as const;

/** The chords of a score, one or more to a bar; empty where it has no pitched notes. */
export function harmonyOfScore(score: Score): HarmonySpan[] {
  const map = createTempoMap(score);
  const spans = recogniseChords(score, { step: 'half-bar' }).map(({ start, end, chord }) => ({
    start: map.secondsAt(start),
    end: map.secondsAt(end),
    classes: chord === undefined ? [] : chordTones(chord),
    bass: chord?.bass ?? 0,
  }));
  if (spans.every(({ classes }) => classes.length === 0)) return [];
  const seconds = scoreDuration(score);
  return voice(
    spans
      .map((span) => ({ ...span, end: Math.min(span.end, seconds) }))
      .filter(({ start, end }) => end > start),
  );
}

/**
 * The chords of a clip: in stretches of 1.5 s, the major or minor triad that holds the largest share of the chroma,
 * those of the clip's key being preferred. Less sure than `harmonyOfScore`.
 */
export function harmonyOfClip(clip: AudioClip): HarmonySpan[] {
  const plan = createFeaturePlan({ sampleRate: ANALYSIS_RATE, features: ['chroma', 'rms'] });
  const { chroma, rms, frames, frameRate } = extractAudioFeatures(clip, plan);
  const seconds = clipDuration(clip);
  const count = Math.max(1, Math.round(seconds / CLIP_SPAN));
  const sums = Array.from({ length: count }, () => new Float64Array(12));
  const whole = new Float64Array(12);
  for (let t = 0; t < frames; t++) {
    const span = sums[Math.min(count - 1, Math.floor((t / frameRate / seconds) * count))]!;
    for (let pc = 0; pc < 12; pc++) {
      const value = chroma[t * 12 + pc]! * rms[t]!;
      span[pc]! += value;
      whole[pc]! += value;
    }
  }
  const key = findKeyOfHistogram(whole);
  if (key === undefined) return [];
  const liking = (root: PitchClass): number =>
    KRUMHANSL_KESSLER[key.mode][(root - key.tonic + 12) % 12]! / KRUMHANSL_KESSLER[key.mode][0];
  return voice(
    sums.map((weights, i) => {
      const classes = bestTriad(weights, liking);
      return {
        start: (i * seconds) / count,
        end: ((i + 1) * seconds) / count,
        classes,
        bass: classes[0] ?? 0,
      };
    }),
  );
}

/** Four chords of a key drawn by chance, each 4 s long. */
export function drawHarmony(rng: Rng): HarmonySpan[] {
  const tonic = rng.integer(12);
  const scale = SCALES[rng.uniform() < 0.5 ? 'major' : 'minor'];
  const progression = PROGRESSIONS[rng.integer(PROGRESSIONS.length)]!;
  return voice(
    progression.map((step, i) => {
      const classes = [0, 2, 4].map((third) => (tonic + scale[(step + third) % 7]!) % 12);
      return { start: i * SEEDED_SPAN, end: (i + 1) * SEEDED_SPAN, classes, bass: classes[0]! };
    }),
  );
}

/** The spans from 0 on for `seconds`: cut, or repeated from the beginning as often as needed. */
export function fitHarmony(spans: readonly HarmonySpan[], seconds: Second): HarmonySpan[] {
  const length = spans.at(-1)?.end ?? 0;
  if (!(length > 0)) return [];
  const fitted: HarmonySpan[] = [];
  for (let offset = 0; offset < seconds; offset += length) {
    for (const { start, end, pitches } of spans) {
      if (offset + start < seconds)
        fitted.push({ start: offset + start, end: Math.min(seconds, offset + end), pitches });
    }
  }
  return fitted;
}

/** Each tone in the octave where it lies nearest to the middle of the chord before; the bass below. */
function voice(
  spans: readonly {
    readonly start: Second;
    readonly end: Second;
    readonly classes: readonly PitchClass[];
    readonly bass: PitchClass;
  }[],
): HarmonySpan[] {
  return spans.map(({ start, end, classes, bass }) => {
    if (classes.length === 0) return { start, end, pitches: [] };
    const low = LOWEST_BASS + ((bass - LOWEST_BASS + 120) % 12);
    const upper = classes.map((pc) => MIDDLE - 6 + ((pc - MIDDLE + 6 + 120) % 12)).sort((a, b) => a - b);
    return { start, end, pitches: [low, ...upper] };
  });
}

function bestTriad(weights: Float64Array, liking: (root: PitchClass) => number): PitchClass[] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return [];
  let best: PitchClass[] = [];
  let bestScore = -Infinity;
  for (let root = 0; root < 12; root++) {
    for (const third of [4, 3]) {
      const classes = [root, (root + third) % 12, (root + 7) % 12];
      const share = classes.reduce((sum, pc) => sum + weights[pc]!, 0) / total;
      const score = share + 0.1 * liking(root);
      if (score > bestScore) [best, bestScore] = [classes, score];
    }
  }
  return best;
}
