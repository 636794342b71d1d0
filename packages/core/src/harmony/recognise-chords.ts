import type { PitchClass, Tick } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import type { Chord, ChordSpan } from './chord.ts';
import { chordTones } from './chord.ts';
import { NO_CHORD, qualityOfCandidate, rootOfCandidate, type TonalCentre } from './chord-features.ts';
import { decodeChords, scoreCandidates, type ChordWeights } from './chord-lattice.ts';
import { CHORD_WEIGHTS } from './chord-weights.ts';
import type { KeySpan } from './find-keys.ts';
import { gatherEvidence, type HarmonicEvidence } from './harmonic-evidence.ts';
import { divideHarmonically, type HarmonicSegment, type HarmonicStep } from './harmonic-grid.ts';

/** How finely chords are told apart, and in which keys. */
export interface RecogniseChordsOptions {
  /** How finely chords may change; `beat` by default. */
  readonly step?: HarmonicStep;
  /**
   * Keys in force, e.g. from `findKeys`: chords of the scale are then likelier. None by default, because keys that were found
   * from the same notes did not help on pieces kept aside.
   */
  readonly keys?: readonly KeySpan[];
  /** `CHORD_WEIGHTS` where left out. */
  readonly weights?: ChordWeights;
}

/**
 * The chords of a score, from tick 0 to the end of its last note, without gaps; equal neighbours are one span. Drums
 * are left out. A log-linear model weighs how long chord tones and foreign tones sound, which tone is lowest and how the
 * chord stands to the key, where one is given (`CHORD_FEATURES`); the best sequence is found with Viterbi's algorithm, where
 * changes cost less at bar lines and by the motion of the root (a linear-chain conditional random field,
 * Lafferty et al. 2001, with tied weights fitted once). The bass is the lowest tone of
 * the span where that is a chord tone, else the root; of a diminished seventh or augmented chord it is also the root. Beats and bars are the score's own: a performance that follows no grid should go
 * through `alignToBeats` first, and pedalled piano through `expandSustain`.
 * @throws `argument/invalid` above 50,000 beats.
 */
export function recogniseChords(score: Score, options: RecogniseChordsOptions = {}): ChordSpan[] {
  const { step = 'beat', keys = [], weights = CHORD_WEIGHTS } = options;
  const segments = divideHarmonically(score, step);
  const evidence = gatherEvidence(score, segments);
  const scores = scoreCandidates(evidence, keysOf(segments, keys), weights.features);
  const path = decodeChords(
    scores,
    segments.map(({ place }) => place),
    weights,
  );
  return joinSpans(path, segments, evidence);
}

/** The key in force at the start of each segment. */
export function keysOf(
  segments: readonly { readonly start: Tick }[],
  keys: readonly KeySpan[],
): (TonalCentre | undefined)[] {
  let next = 0;
  return segments.map(({ start }) => {
    while (next + 1 < keys.length && keys[next]!.end <= start) next++;
    return keys[next];
  });
}

function joinSpans(
  path: Int32Array,
  segments: readonly HarmonicSegment[],
  evidence: readonly HarmonicEvidence[],
): ChordSpan[] {
  const spans: ChordSpan[] = [];
  for (let first = 0; first < path.length;) {
    let next = first + 1;
    while (next < path.length && path[next] === path[first]) next++;
    const chord = chordOf(path[first]!, evidence.slice(first, next));
    spans.push({ start: segments[first]!.start, end: segments[next - 1]!.end, chord });
    first = next;
  }
  return spans;
}

function chordOf(candidate: number, evidence: readonly HarmonicEvidence[]): Chord | undefined {
  if (candidate === NO_CHORD) return undefined;
  const root = rootOfCandidate(candidate);
  const quality = qualityOfCandidate(candidate);
  const bass = bassOf(evidence);
  if (bass === undefined || !chordTones({ root, quality, bass: root }).includes(bass))
    return { root, quality, bass: root };
  const isSymmetric = quality === 'dim7' || quality === 'aug'; // any tone may be called the root; the lowest is
  return { root: isSymmetric ? bass : root, quality, bass };
}

/** Pitch class of the lowest tone of the span; undefined in silence. */
function bassOf(evidence: readonly HarmonicEvidence[]): PitchClass | undefined {
  const heard = evidence.flatMap(({ lowest }) => (lowest === undefined ? [] : [lowest]));
  return heard.length > 0 ? heard.reduce((a, b) => Math.min(a, b)) % 12 : undefined;
}
