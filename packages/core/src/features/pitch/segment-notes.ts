import type { Second } from '../../foundation/units.ts';
import type { PitchTrack } from './track-pitch.ts';

/** A sung, hummed or whistled note. */
export interface SungNote {
  readonly start: Second;
  readonly duration: Second;
  /** MIDI pitch with its fraction: median over the note. */
  readonly pitch: number;
}

/** A new note costs as much as this many nats of misfit: a glide or a vibrato is cheaper to bear than many notes. */
const CHANGE_COST = 12;
/** How far a voice strays from its note, in semitones. */
const STRAY = 0.6;
/** Misfit of a frame is bounded: one octave error must not break a note. */
const MOST_MISFIT = 4;
/** Nats for calling a pitched frame silent, and a frame without pitch sung. */
const WRONG_VOICING = 1.5;
const SHORTEST: Second = 0.1;
/** A dip of the level this deep between two parts of a note makes it two notes (repeated syllables). */
const DIP_DB = 6;
const LOWEST_PITCH = 24;
const PITCHES = 85;
/** State of silence, after the pitches. */
const SILENT = PITCHES;

/**
 * Notes from a pitch track: the most likely sequence of semitones and silence by a hidden Markov model (Viterbi 1967; as
 * Ryynänen & Klapuri 2004 transcribe singing, with one state a note), in the voice's own tuning (circular mean of the
 * fractions); notes are split where the level dips by 6 dB, and those under 0.1 s left out.
 */
export function segmentNotes(track: PitchTrack): SungNote[] {
  const pitches = track.frequency.map((hertz) => 69 + 12 * Math.log2(hertz / 440));
  const tuning = tuningOf(pitches);
  const states = mostLikelyStates(pitches, tuning);
  const notes: SungNote[] = [];
  for (let from = 0; from < states.length;) {
    let to = from + 1;
    while (to < states.length && states[to] === states[from]) to++;
    if (states[from] !== SILENT) {
      for (const [a, b] of splitAtDips(track.level, from, to)) addNote(notes, pitches, a, b, track.hop);
    }
    from = to;
  }
  return notes;
}

/** −0.5 … 0.5 semitones. */
function tuningOf(pitches: Float64Array): number {
  let [re, im] = [0, 0];
  for (const pitch of pitches) {
    if (Number.isNaN(pitch)) continue;
    re += Math.cos(2 * Math.PI * pitch);
    im += Math.sin(2 * Math.PI * pitch);
  }
  return Math.atan2(im, re) / (2 * Math.PI);
}

function mostLikelyStates(pitches: Float64Array, tuning: number): Uint8Array {
  const frames = pitches.length;
  const stayed = new Uint8Array(frames * (PITCHES + 1)); // whether the best way into a state stays in it
  const bestBefore = new Uint8Array(frames);
  let costs = new Float64Array(PITCHES + 1);
  for (let t = 0; t < frames; t++) {
    let best = 0;
    for (let s = 1; s <= SILENT; s++) if (costs[s]! < costs[best]!) best = s;
    bestBefore[t] = best;
    const next = new Float64Array(PITCHES + 1);
    for (let s = 0; s <= SILENT; s++) {
      const change = costs[best]! + CHANGE_COST;
      const stays = costs[s]! <= change;
      stayed[t * (PITCHES + 1) + s] = stays ? 1 : 0;
      next[s] = (stays ? costs[s]! : change) + misfit(pitches[t]!, s, tuning);
    }
    costs = next;
  }
  const states = new Uint8Array(frames);
  let state = costs.indexOf(costs.reduce((a, b) => Math.min(a, b), Infinity));
  for (let t = frames - 1; t >= 0; t--) {
    states[t] = state;
    if (stayed[t * (PITCHES + 1) + state] === 0) state = bestBefore[t]!;
  }
  return states;
}

function misfit(pitch: number, state: number, tuning: number): number {
  if (state === SILENT) return Number.isNaN(pitch) ? 0 : WRONG_VOICING;
  if (Number.isNaN(pitch)) return WRONG_VOICING;
  return Math.min(MOST_MISFIT, ((pitch - tuning - LOWEST_PITCH - state) / STRAY) ** 2 / 2);
}

function splitAtDips(level: Float64Array, from: number, to: number): [number, number][] {
  const after = new Float64Array(to - from + 1).fill(-Infinity); // after[i]: loudest from `from + i` on
  for (let t = to - 1; t >= from; t--) after[t - from] = Math.max(level[t]!, after[t - from + 1]!);
  let before = -Infinity;
  let deepest = -1;
  let depth = DIP_DB;
  for (let t = from; t < to - 1; t++) {
    const dip = Math.min(before, after[t - from + 1]!) - level[t]!;
    if (dip >= depth) [deepest, depth] = [t, dip];
    before = Math.max(before, level[t]!);
  }
  if (deepest < 0) return [[from, to]];
  return [...splitAtDips(level, from, deepest), ...splitAtDips(level, deepest, to)];
}

function addNote(notes: SungNote[], pitches: Float64Array, from: number, to: number, hop: number): void {
  const sung = pitches
    .subarray(from, to)
    .filter((pitch) => !Number.isNaN(pitch))
    .sort();
  if ((to - from) * hop < SHORTEST || sung.length === 0) return;
  notes.push({ start: from * hop, duration: (to - from) * hop, pitch: sung[sung.length >> 1]! });
}
