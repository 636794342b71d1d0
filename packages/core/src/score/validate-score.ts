import { AttuneError } from '../foundation/errors.ts';
import type { ErrorPlace } from '../foundation/errors.ts';
import { compareNotes } from './order.ts';
import { ticksPerBar } from './meter-map.ts';
import type { Note, Score, Track } from './score.ts';

/** Ticks that a Score may use: sums of two stay exact, and 120 bpm at 32,767 ticks a quarter reaches 900 years. */
const MAX_TICK = 2 ** 50;

/** Throws `score/invalid`, naming the track, note or event and the value, at the first broken rule. */
export function validateScore(score: Score): void {
  ensure(
    isWhole(score.ticksPerQuarter, 1, 32767),
    `ticksPerQuarter is ${score.ticksPerQuarter}; it is a whole number from 1 to 32767.`,
  );
  ensure(typeof score.title === 'string', 'The title is not text.');
  score.tracks.forEach(validateTrack);
  validateTicks(score.tempos, 'tempos', true);
  score.tempos.forEach(({ bpm }, index) => {
    ensure(bpm > 0 && Number.isFinite(bpm), `Tempo ${index} is ${bpm} bpm.`, { list: 'tempos', index });
  });
  validateTicks(score.meters, 'meters', true);
  score.meters.forEach((meter, index) => {
    const { numerator, denominator } = meter;
    const isMeter =
      isWhole(numerator, 1, 255) && isWhole(denominator, 1, 128) && Number.isInteger(Math.log2(denominator));
    ensure(isMeter, `Meter ${index} is ${numerator}/${denominator}.`, { list: 'meters', index });
    const fits = ticksPerBar(meter, score.ticksPerQuarter) >= 1;
    ensure(fits, `A bar of meter ${index}, ${numerator}/${denominator}, is shorter than one tick.`, {
      list: 'meters',
      index,
    });
  });
  validateTicks(score.keys, 'keys', true);
  score.keys.forEach(({ fifths, mode }, index) => {
    const isKey = isWhole(fifths, -7, 7) && (mode === 'major' || mode === 'minor');
    ensure(isKey, `Key ${index} is ${fifths} fifths ${mode}.`, { list: 'keys', index });
  });
  validateTicks(score.texts, 'texts', false);
}

function validateTrack(track: Track, index: number): void {
  const place = { track: index };
  ensure(
    isWhole(track.program, 0, 127),
    `Track ${index} has program ${track.program}; programs are 0 to 127.`,
    place,
  );
  let previous: Note | undefined;
  for (let i = 0; i < track.notes.length; i++) {
    const note = track.notes[i]!;
    if (
      !isWhole(note.start, 0, MAX_TICK) ||
      !isWhole(note.duration, 0, MAX_TICK) ||
      !isWhole(note.pitch, 0, 127) ||
      !isWhole(note.velocity, 1, 127)
    ) {
      const { start, duration, pitch, velocity } = note;
      const message = `Note ${i} of track ${index} is out of range: start ${start}, duration ${duration}, pitch ${pitch}, velocity ${velocity}.`;
      throw new AttuneError('score/invalid', message, { track: index, note: i });
    }
    if (previous && compareNotes(previous, note) > 0) {
      throw new AttuneError('score/invalid', `Note ${i} of track ${index} is out of order.`, {
        track: index,
        note: i,
      });
    }
    previous = note;
  }
  validateTicks(track.controls, 'controls', false, place);
  track.controls.forEach(({ controller, value }, i) => {
    const fits = isWhole(controller, 0, 127) && isWhole(value, 0, 127);
    if (!fits)
      ensure(false, `Control ${i} of track ${index} sets controller ${controller} to ${value}.`, {
        ...place,
        control: i,
      });
  });
  validateTicks(track.bends, 'bends', false, place);
  track.bends.forEach(({ value }, i) => {
    if (!isWhole(value, -8192, 8191))
      ensure(false, `Bend ${i} of track ${index} is ${value}.`, { ...place, bend: i });
  });
}

function validateTicks(
  events: readonly { readonly tick: number }[],
  list: string,
  strictly: boolean,
  place: ErrorPlace = {},
): void {
  let previous = strictly ? -1 : 0;
  events.forEach(({ tick }, index) => {
    const ordered = isWhole(tick, 0, MAX_TICK) && (strictly ? tick > previous : tick >= previous);
    if (!ordered)
      ensure(false, `Entry ${index} of ${list} has tick ${tick} after tick ${previous}.`, {
        ...place,
        list,
        index,
      });
    previous = tick;
  });
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function ensure(holds: boolean, message: string, place: ErrorPlace = {}): asserts holds {
  if (!holds) throw new AttuneError('score/invalid', message, place);
}
