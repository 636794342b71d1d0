/** Seconds cut off the start before beats are compared, as is usual (Davies et al. 2009): trackers need time to settle. */
const SETTLING = 5;

export interface BeatScores {
  /** Harmonic mean of precision and recall of beats within ±70 ms. */
  readonly f: number;
  /** Share of beats right (phase and period within 17.5 %) at the annotated metrical level, continuity not required. */
  readonly cmlt: number;
  /** The best of that over the annotated level, offbeats, double, and either half. */
  readonly amlt: number;
}

/** Measures of Davies, Degara & Plumbley (2009), "Evaluation methods for musical audio beat tracking algorithms". */
export function measureBeats(reference: readonly number[], estimate: readonly number[]): BeatScores {
  const [truth, found] = [reference, estimate].map((beats) => beats.filter((beat) => beat >= SETTLING)) as [
    number[],
    number[],
  ];
  return {
    f: fMeasure(truth, found),
    cmlt: rightShare(truth, found),
    amlt: Math.max(...variations(truth).map((beats) => rightShare(beats, found))),
  };
}

/** F-measure of two ascending lists of times, each matched at most once, within ±`tolerance` seconds. */
export function fMeasure(truth: readonly number[], found: readonly number[], tolerance = 0.07): number {
  let [hits, i, j] = [0, 0, 0];
  while (i < truth.length && j < found.length) {
    const distance = found[j]! - truth[i]!;
    if (Math.abs(distance) <= tolerance) {
      hits++;
      i++;
      j++;
    } else if (distance < 0) j++;
    else i++;
  }
  return hits === 0 ? 0 : (2 * hits) / (truth.length + found.length);
}

/** As `fMeasure` after cutting the first five seconds off both. */
export function measureDownbeats(reference: readonly number[], estimate: readonly number[]): number {
  return fMeasure(
    reference.filter((beat) => beat >= SETTLING),
    estimate.filter((beat) => beat >= SETTLING),
  );
}

function variations(beats: readonly number[]): number[][] {
  const middles = beats.slice(1).map((beat, i) => (beat + beats[i]!) / 2);
  const double = beats.flatMap((beat, i) => (i < middles.length ? [beat, middles[i]!] : [beat]));
  return [
    [...beats],
    middles,
    double,
    beats.filter((_, i) => i % 2 === 0),
    beats.filter((_, i) => i % 2 === 1),
  ];
}

/** Share of the longer list's length that is right: near the next unused truth, and spaced like it. */
function rightShare(truth: readonly number[], found: readonly number[]): number {
  if (truth.length < 2 || found.length < 2) return 0;
  const used = new Set<number>();
  let [right, nearest] = [0, 0];
  found.forEach((beat, m) => {
    while (
      nearest + 1 < truth.length &&
      Math.abs(truth[nearest + 1]! - beat) < Math.abs(truth[nearest]! - beat)
    )
      nearest++;
    if (used.has(nearest)) return;
    const opening = m === 0 || nearest === 0; // looks forward, having nothing behind
    const interval = intervalAt(truth, nearest, opening);
    const own = intervalAt(found, m, opening);
    const isRight =
      Math.abs(beat - truth[nearest]!) / interval < 0.175 && Math.abs(1 - own / interval) < 0.175;
    if (!isRight) return;
    used.add(nearest);
    right++;
  });
  return right / Math.max(truth.length, found.length);
}

function intervalAt(beats: readonly number[], index: number, forward: boolean): number {
  return forward && index + 1 < beats.length
    ? beats[index + 1]! - beats[index]!
    : beats[index]! - beats[index - 1]!;
}
