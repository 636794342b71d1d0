import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { scoreEndTick } from '../score/extent.ts';
import { createMeterMap } from '../score/meter-map.ts';
import type { Score } from '../score/score.ts';

/** How finely harmony may change. A beat is one of the meter's denominator; in 6/8, 9/8 and 12/8 it is three. */
export type HarmonicStep = 'beat' | 'half-bar' | 'bar';

/** Where a segment stands in its bar: a change of harmony is likelier on strong places. */
export type MetricalPlace = 'bar' | 'half-bar' | 'beat';

export interface HarmonicSegment {
  readonly start: Tick;
  readonly end: Tick;
  readonly place: MetricalPlace;
}

/** Seven hours at 120 bpm: what a path of chords needs in memory grows with it. */
const MAX_SEGMENTS = 50_000;

/** The spans for each of which one harmony is looked for, from tick 0 to the end of the last note. */
export function divideHarmonically(
  score: Pick<Score, 'ticksPerQuarter' | 'meters' | 'tracks'>,
  step: HarmonicStep,
): HarmonicSegment[] {
  const meterMap = createMeterMap(score);
  const end = scoreEndTick(score);
  const bars = meterMap.barCount(end);
  const segments: HarmonicSegment[] = [];
  for (let bar = 0; bar < bars; bar++) {
    const start = meterMap.barStart(bar);
    const next = Math.min(meterMap.barEnd(bar), end);
    const full = meterMap.barAt(start).ticksPerBar;
    const beats = beatsOf(meterMap.meterAt(bar));
    const parts = step === 'beat' ? beats : step === 'half-bar' && beats % 2 === 0 ? 2 : 1;
    if (segments.length + parts > MAX_SEGMENTS) {
      const message = `The score has more than ${MAX_SEGMENTS} beats, too many to look for chords in.`;
      throw new AttuneError('argument/invalid', message, { bars });
    }
    for (let part = 0; part < parts; part++) {
      const from = Math.min(next, Math.ceil(start + (part * full) / parts));
      const to = Math.min(next, Math.ceil(start + ((part + 1) * full) / parts));
      const place = part === 0 ? 'bar' : 2 * part === parts ? 'half-bar' : 'beat';
      if (to > from) segments.push({ start: from, end: to, place });
    }
  }
  return segments;
}

/** Felt beats of a bar: compound meters (6, 9, 12 … over 8 or 16) count in threes. */
function beatsOf({
  numerator,
  denominator,
}: {
  readonly numerator: number;
  readonly denominator: number;
}): number {
  return denominator >= 8 && numerator > 3 && numerator % 3 === 0 ? numerator / 3 : numerator;
}
