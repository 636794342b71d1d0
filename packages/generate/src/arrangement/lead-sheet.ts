import {
  AttuneError,
  createMeterMap,
  createTempoMap,
  parseColouredChord,
  scoreEndTick,
  simplifyColour,
  type Bpm,
  type Chord,
  type ChordSpan,
  type KeyEvent,
  type Meter,
  type Note,
  type Score,
  type Tick,
} from '@attune/core';

/** A melody and its chords in one meter: what an arranger starts from. */
export interface LeadSheet {
  readonly ticksPerQuarter: number;
  readonly meter: Meter;
  readonly bpm: Bpm;
  readonly key: KeyEvent | undefined;
  /** Whole bars from tick 0. */
  readonly bars: number;
  readonly melody: readonly Note[];
  /** In order, without overlaps. */
  readonly chords: readonly ChordSpan[];
}

const CHORD_MARKER = /^chord:(.+)$/;
const CHORD_TRACK = 'chords';

/**
 * A score whose markers `chord:SYMBOL` name the chords, as the OpenEWLD set has them: the first track with another
 * name than `chords` is the melody. Throws `dataset/malformed` without a melody, without chords, or where the meter
 * changes (arrangements keep one).
 */
export function leadSheetOf(score: Score): LeadSheet {
  const melody = score.tracks.find(
    ({ name, isDrum, notes }) => name !== CHORD_TRACK && !isDrum && notes.length > 0,
  );
  if (!melody) throw new AttuneError('dataset/malformed', 'The lead sheet has no melody.');
  const endTick = scoreEndTick(score);
  const chords = chordSpansOf(score, endTick);
  if (chords.length === 0)
    throw new AttuneError('dataset/malformed', 'The lead sheet has no chord that is known.');
  const meters = createMeterMap(score);
  const bars = meters.barCount(endTick);
  const meter = meters.meterAt(0);
  for (let bar = 1; bar < bars; bar++) {
    const other = meters.meterAt(bar);
    if (other.numerator !== meter.numerator || other.denominator !== meter.denominator) {
      throw new AttuneError('dataset/malformed', `The lead sheet changes its meter at bar ${bar + 1}.`, {
        bar: bar + 1,
      });
    }
  }
  return {
    ticksPerQuarter: score.ticksPerQuarter,
    meter,
    bpm: createTempoMap(score).bpmAt(0),
    key: score.keys[0],
    bars,
    melody: melody.notes,
    chords,
  };
}

function chordSpansOf(score: Score, endTick: Tick): ChordSpan[] {
  const marks = score.texts.flatMap(({ tick, kind, text }) => {
    const symbol = kind === 'marker' ? CHORD_MARKER.exec(text)?.[1] : undefined;
    return symbol === undefined ? [] : [{ tick, chord: simplifyChord(symbol) }];
  });
  return marks.flatMap(({ tick, chord }, i) => {
    const end = marks[i + 1]?.tick ?? endTick;
    return chord && end > tick ? [{ start: tick, end, chord }] : [];
  });
}

/** The chord of a lead-sheet symbol, with colours left out that the qualities do not have; undefined for no chord. */
export function simplifyChord(symbol: string): Chord | undefined {
  const chord = parseColouredChord(symbol);
  return chord && simplifyColour(chord);
}
