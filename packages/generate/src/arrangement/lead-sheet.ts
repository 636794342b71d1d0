import {
  AttuneError,
  createMeterMap,
  createTempoMap,
  parseChord,
  scoreEndTick,
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

/** Lead-sheet colours that no quality of core has → the quality with the same function. */
const SAME_FUNCTION: readonly (readonly [RegExp, string])[] = [
  [/^(aug7|7#5|\+7|7b5|7b9|7#9|9|9b5|9#5|11|13|13b9|7alt|7sus4|9sus4|sus47)$/, '7'],
  [/^(6|6\/9|69|add9|add2|2|maj|M)$/, ''],
  [/^(m6|min6|m69|madd9|mi|min|-)$/, 'm'],
  [/^(m9|m11|m13|min7|mi7|-7|minmaj7|mmaj7|mM7)$/, 'm7'],
  [/^(maj9|maj13|M7|M9|maj7#11)$/, 'maj7'],
  [/^(half-dim|ø|ø7|m7-5|min7b5)$/, 'm7b5'],
  [/^(o|°|dim5)$/, 'dim'],
  [/^(o7|°7)$/, 'dim7'],
  [/^(\+|aug5|#5)$/, 'aug'],
  [/^(sus)$/, 'sus4'],
  [/^(5|power)$/, ''],
];

/** The chord of a lead-sheet symbol, with colours left out that the qualities do not have; undefined for no chord. */
export function simplifyChord(symbol: string): Chord | undefined {
  const match = /^([A-G](?:[#b]*))([^/]*)(\/[A-G][#b]*)?$/.exec(symbol.trim());
  if (!match) return undefined;
  const [, root, colour, bass = ''] = match;
  const quality = SAME_FUNCTION.find(([pattern]) => pattern.test(colour!))?.[1] ?? colour!;
  try {
    return parseChord(`${root}${quality}${bass}`);
  } catch {
    return undefined;
  }
}
