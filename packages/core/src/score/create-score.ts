import type {
  ControlChange,
  KeyEvent,
  MeterEvent,
  Note,
  PitchBend,
  Score,
  TempoEvent,
  TextEvent,
  Track,
} from './score.ts';
import { lastAtEachTick, sortedByTick, sortedNotes } from './order.ts';
import { validateScore } from './validate-score.ts';

/** A track as a caller states it; what is left out is empty, program 0, not drums. */
export interface TrackParts {
  readonly name?: string;
  readonly program?: number;
  readonly isDrum?: boolean;
  readonly notes?: readonly Note[];
  readonly controls?: readonly ControlChange[];
  readonly bends?: readonly PitchBend[];
}

/** A score as a caller states it; 480 ticks a quarter, no title and no events where left out. */
export interface ScoreParts {
  readonly ticksPerQuarter?: number;
  readonly title?: string;
  readonly tracks?: readonly TrackParts[];
  readonly tempos?: readonly TempoEvent[];
  readonly meters?: readonly MeterEvent[];
  readonly keys?: readonly KeyEvent[];
  readonly texts?: readonly TextEvent[];
}

/** Ticks a quarter note of a score that does not say. */
export const DEFAULT_TICKS_PER_QUARTER = 480;

/**
 * Fills defaults, sorts everything by tick (events at one tick keep their order; of two tempos, meters or
 * keys at one tick the later stays), and validates: throws `score/invalid`.
 */
export function createScore(parts: ScoreParts = {}): Score {
  const score: Score = {
    ticksPerQuarter: parts.ticksPerQuarter ?? DEFAULT_TICKS_PER_QUARTER,
    title: parts.title ?? '',
    tracks: (parts.tracks ?? []).map(createTrack),
    tempos: lastAtEachTick(parts.tempos ?? []),
    meters: lastAtEachTick(parts.meters ?? []),
    keys: lastAtEachTick(parts.keys ?? []),
    texts: sortedByTick(parts.texts ?? []),
  };
  validateScore(score);
  return score;
}

/** One track with defaults filled and everything sorted; not validated. */
export function createTrack(parts: TrackParts): Track {
  return {
    name: parts.name ?? '',
    program: parts.program ?? 0,
    isDrum: parts.isDrum ?? false,
    notes: sortedNotes(parts.notes ?? []),
    controls: sortedByTick(parts.controls ?? []),
    bends: sortedByTick(parts.bends ?? []),
  };
}
