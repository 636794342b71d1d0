import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { scoreEndTick } from './extent.ts';
import { sortedNotes } from './order.ts';
import type { ControlChange, Note, Score, Track } from './score.ts';

/** When a pedal counts as down, and whether it is kept. */
export interface ExpandSustainOptions {
  /** Controller value from which a pedal is down, 1–127; 64 by default, as in MIDI 1.0. Half-pedalling is not told apart. */
  readonly threshold?: number;
  /** Keep the pedals' controller events; by default they go, since the notes now say what they said. */
  readonly keepPedals?: boolean;
}

const SUSTAIN = 64;
const SOSTENUTO = 66;

/**
 * Writes the pedals of the pitched tracks into note durations (MIDI 1.0 controllers 64 and 66). A note that ends
 * while the sustain pedal is down sounds on until the pedal comes up; one whose key is down when the sostenuto
 * pedal goes down, until that one comes up. It ends where its pitch is struck again in its track, and with the last note
 * of the score where a pedal never comes up. A pedal that moves in the tick of a note's end has moved before it; a pedal
 * that comes up and goes down again in one tick ends what it held. Drum tracks and other controllers stay.
 */
export function expandSustain(score: Score, options: ExpandSustainOptions = {}): Score {
  const { threshold = 64, keepPedals = false } = options;
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > 127) {
    const message = `A pedal's threshold is a whole number from 1 to 127, not ${threshold}.`;
    throw new AttuneError('argument/invalid', message, { threshold });
  }
  const end = scoreEndTick(score);
  const expand = (track: Track): Track => {
    const isPedal = ({ controller }: ControlChange): boolean =>
      controller === SUSTAIN || controller === SOSTENUTO;
    if (track.isDrum || !track.controls.some(isPedal)) return track;
    const sustain = pressesOf(track.controls, SUSTAIN, threshold, end);
    const sostenuto = pressesOf(track.controls, SOSTENUTO, threshold, end);
    const restruck = nextStrikes(track.notes);
    const notes = track.notes.map((note, i) => {
      const released = releaseOf(note, sustain, sostenuto);
      const stop = Math.max(note.start + note.duration, Math.min(released, restruck[i]!));
      return { ...note, duration: stop - note.start };
    });
    const controls = keepPedals ? track.controls : track.controls.filter((control) => !isPedal(control));
    return { ...track, notes: sortedNotes(notes), controls };
  };
  return { ...score, tracks: score.tracks.map(expand) };
}

/** One time that a pedal is down: from `down` up to `up`. */
interface Press {
  readonly down: Tick;
  readonly up: Tick;
}

function pressesOf(
  controls: readonly ControlChange[],
  controller: number,
  threshold: number,
  end: Tick,
): Press[] {
  const presses: Press[] = [];
  let down: Tick | undefined;
  for (const control of controls) {
    if (control.controller !== controller) continue;
    const isDown = control.value >= threshold;
    if (isDown) down ??= control.tick;
    else if (down !== undefined) {
      presses.push({ down, up: control.tick });
      down = undefined;
    }
  }
  if (down !== undefined) presses.push({ down, up: Math.max(down, end) });
  return presses;
}

/** Tick at which the damper falls on a note's string. */
function releaseOf(note: Note, sustain: readonly Press[], sostenuto: readonly Press[]): Tick {
  const keyUp = note.start + note.duration;
  let release = keyUp;
  for (;;) {
    // what a pedal lets go, a press in the same tick does not catch again
    const held = sustain[lastDownBy(sustain, release === keyUp ? release : release - 1)];
    // presses do not overlap, so of those that found the key down only the last can last beyond its release
    const kept = sostenuto[lastDownBy(sostenuto, keyUp - 1)];
    let next = release;
    if (held && held.up > next) next = held.up;
    if (kept && kept.down > note.start && kept.up > next) next = kept.up;
    if (next === release) return release;
    release = next;
  }
}

/** Index of the last press at or before a tick; −1 where there is none. */
function lastDownBy(presses: readonly Press[], tick: Tick): number {
  let [low, high] = [-1, presses.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (presses[middle]!.down <= tick) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** [notes]: where each note's pitch is next struck, later than the note's own start; Infinity where it is not. */
function nextStrikes(notes: readonly Note[]): Float64Array {
  const next = new Float64Array(notes.length);
  const coming = new Map<number, { start: Tick; after: Tick }>();
  for (let i = notes.length - 1; i >= 0; i--) {
    const { pitch, start } = notes[i]!;
    const known = coming.get(pitch) ?? { start: Infinity, after: Infinity };
    const strike = known.start > start ? { start, after: known.start } : known;
    coming.set(pitch, strike);
    next[i] = strike.after;
  }
  return next;
}
