import { CHORD_INTERVALS, CHORD_QUALITIES, type ChordQuality } from './chord.ts';
import type { HarmonicEvidence } from './harmonic-evidence.ts';

/** A key as harmony needs it. */
export interface TonalCentre {
  readonly tonic: number;
  readonly mode: 'major' | 'minor';
}

/** All but the commonest, which the others are measured against. */
const OTHER_QUALITIES = CHORD_QUALITIES.slice(1) as readonly Exclude<ChordQuality, 'maj'>[];

/**
 * What speaks for or against a chord in a segment. The first block is weighed by how long a tone sounds, the second by
 * how long it is the lowest; the third compares the chord with the key in force; the rest are constants of the chord.
 */
export const CHORD_FEATURES = [
  'root sounds',
  'third sounds',
  'suspended second sounds',
  'suspended fourth sounds',
  'fifth sounds',
  'altered fifth sounds',
  'seventh sounds',
  'foreign tone of the scale sounds',
  'foreign tone outside the scale sounds',
  'root sounds long',
  'third sounds long',
  'fifth sounds long',
  'seventh sounds long',
  'other third sounds',
  'third sounds beside a suspension',
  'root is lowest',
  'third is lowest',
  'fifth is lowest',
  'seventh is lowest',
  'tones outside the scale',
  'root outside the scale',
  'on the tonic',
  'on the dominant',
  'on the subdominant',
  'on the submediant',
  ...OTHER_QUALITIES.map((quality) => `is ${quality}` as const),
  'no chord',
  'no chord while tones sound',
] as const;
export type ChordFeature = (typeof CHORD_FEATURES)[number];
export const FEATURE_COUNT = CHORD_FEATURES.length;
const INDEX = Object.fromEntries(CHORD_FEATURES.map((name, i) => [name, i])) as Readonly<
  Record<ChordFeature, number>
>;

const FOREIGN_IN_SCALE = INDEX['foreign tone of the scale sounds'];
const FOREIGN_OUTSIDE = INDEX['foreign tone outside the scale sounds'];
const THIRD_BESIDE_SUSPENSION = INDEX['third sounds beside a suspension'];
const OTHER_THIRD = INDEX['other third sounds'];
// each the first of a run in the order of a chord's tones
const ROOT_LONG = INDEX['root sounds long'];
const ROOT_LOWEST = INDEX['root is lowest'];
const TONES_OUTSIDE = INDEX['tones outside the scale'];
const FIRST_QUALITY = INDEX['is min'];

/** The candidates of every segment: root × quality in the order of `CHORD_QUALITIES`, then no chord. */
export const CANDIDATE_COUNT = 12 * CHORD_QUALITIES.length + 1;
export const NO_CHORD = CANDIDATE_COUNT - 1;

const SCALES = { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10, 11] } as const;

const SCALE_MASKS = {
  major: Array.from({ length: 12 }, (_, degree) => SCALES.major.includes(degree as never)),
  minor: Array.from({ length: 12 }, (_, degree) => SCALES.minor.includes(degree as never)),
};

export function candidateOf(root: number, quality: ChordQuality): number {
  return root * CHORD_QUALITIES.length + CHORD_QUALITIES.indexOf(quality);
}

/** Root 0–11 of a candidate; 12 for no chord. */
export function rootOfCandidate(candidate: number): number {
  return Math.floor(candidate / CHORD_QUALITIES.length);
}

export function qualityOfCandidate(candidate: number): ChordQuality {
  return CHORD_QUALITIES[candidate % CHORD_QUALITIES.length]!;
}

/** Fills `out`, [FEATURE_COUNT], for one candidate. `key` undefined leaves the key's features at 0. */
export function fillFeatures(
  out: Float64Array,
  evidence: HarmonicEvidence,
  candidate: number,
  key: TonalCentre | undefined,
): void {
  out.fill(0);
  const { presence, bass } = evidence;
  if (candidate === NO_CHORD) {
    out[FEATURE_COUNT - 2] = 1;
    for (let pitchClass = 0; pitchClass < 12; pitchClass++) out[FEATURE_COUNT - 1]! += presence[pitchClass]!;
    return;
  }
  const root = rootOfCandidate(candidate);
  const quality = qualityOfCandidate(candidate);
  const intervals = CHORD_INTERVALS[quality];
  for (let interval = 0; interval < 12; interval++) {
    const pitchClass = (root + interval) % 12;
    const sounds = presence[pitchClass]!;
    const inScale = !key || SCALE_MASKS[key.mode][(pitchClass - key.tonic + 12) % 12]!;
    const role = intervals.indexOf(interval);
    if (role < 0) {
      out[inScale ? FOREIGN_IN_SCALE : FOREIGN_OUTSIDE]! += Math.sqrt(sounds);
      if (interval === 3 || interval === 4) {
        out[isSuspension(intervals[1]!) ? THIRD_BESIDE_SUSPENSION : OTHER_THIRD]! += Math.sqrt(sounds);
      }
      continue;
    }
    out[soundingFeature(role, interval)]! += Math.sqrt(sounds);
    out[ROOT_LONG + role]! += sounds;
    out[ROOT_LOWEST + role]! += bass[pitchClass]!;
    if (!inScale) out[TONES_OUTSIDE]! += 1;
    if (!inScale && role === 0) out[TONES_OUTSIDE + 1] = 1;
  }
  if (key) fillDegree(out, (root - key.tonic + 12) % 12, key.mode);
  const place = candidate % CHORD_QUALITIES.length;
  if (place > 0) out[FIRST_QUALITY + place - 1] = 1;
}

/** Which feature a chord tone's sounding counts for; `role` 0 root, 1 third or suspension, 2 fifth, 3 seventh. */
function soundingFeature(role: number, interval: number): number {
  if (role === 0) return INDEX['root sounds'];
  if (role === 1)
    return interval === 2
      ? INDEX['suspended second sounds']
      : interval === 5
        ? INDEX['suspended fourth sounds']
        : INDEX['third sounds'];
  if (role === 2) return interval === 7 ? INDEX['fifth sounds'] : INDEX['altered fifth sounds'];
  return INDEX['seventh sounds'];
}

function fillDegree(out: Float64Array, degree: number, mode: TonalCentre['mode']): void {
  if (degree === 0) out[INDEX['on the tonic']] = 1;
  if (degree === 7) out[INDEX['on the dominant']] = 1;
  if (degree === 5) out[INDEX['on the subdominant']] = 1;
  if (degree === (mode === 'major' ? 9 : 8)) out[INDEX['on the submediant']] = 1;
}

function isSuspension(interval: number): boolean {
  return interval === 2 || interval === 5;
}
