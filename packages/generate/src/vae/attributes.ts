import { kitClassOf } from '../performance/kit-classes.ts';
import { GRID_PER_QUARTER, type VoiceGrid } from './voice-grid.ts';
import { HOLD } from './voices.ts';

/**
 * What can be turned up and down in a line of single notes. `density`: notes a quarter. `height`: mean pitch.
 * `syncopation`: share of notes off the beat (on an odd sixteenth or eighth) with no note on the stronger place just
 * before, as Roberts et al. 2018 count it. `leaps`: mean size of the intervals in semitones.
 */
export const MELODY_ATTRIBUTES = ['density', 'height', 'syncopation', 'leaps'] as const;
/** One of `MELODY_ATTRIBUTES`. */
export type MelodyAttribute = (typeof MELODY_ATTRIBUTES)[number];

/**
 * What can be turned up and down in drums. `density`: strokes a quarter, each drum for itself. `syncopation`: share of the
 * steps with kick or snare that are off the beat with neither on the stronger place just before. `cymbals`: share of
 * strokes on hats, crash and ride. `kicks`: strokes of the kick a quarter.
 */
export const DRUM_ATTRIBUTES = ['density', 'syncopation', 'cymbals', 'kicks'] as const;
/** One of `DRUM_ATTRIBUTES`. */
export type DrumAttribute = (typeof DRUM_ATTRIBUTES)[number];

const EIGHTH = GRID_PER_QUARTER / 2;
/** Bits of classes of drums, each named by one of its keys. */
const maskOf = (...keys: readonly number[]): number =>
  keys.reduce((mask, key) => mask | (1 << kitClassOf(key)!), 0);
const KICK = maskOf(36);
const KICK_AND_SNARE = maskOf(36, 38);
const CYMBALS = maskOf(42, 46, 49, 51);

/** Values in the order of `MELODY_ATTRIBUTES` of a line [steps]; one without notes has zeros. */
export function melodyAttributesOf(line: VoiceGrid): Float64Array {
  let [notes, pitches, syncopated, leaps, last] = [0, 0, 0, 0, -1];
  line.forEach((value, step) => {
    if (value >= HOLD) return;
    notes++;
    pitches += value;
    if (last >= 0) leaps += Math.abs(value - last);
    last = value;
    const weakness = weaknessOf(step);
    if (weakness > 0 && line[step - weakness]! >= HOLD) syncopated++;
  });
  if (notes === 0) return new Float64Array(MELODY_ATTRIBUTES.length);
  return Float64Array.of(
    (notes * GRID_PER_QUARTER) / line.length,
    pitches / notes,
    syncopated / notes,
    leaps / Math.max(1, notes - 1),
  );
}

/** Values in the order of `DRUM_ATTRIBUTES` of a line of drums [steps]; silence has zeros. */
export function drumAttributesOf(line: VoiceGrid): Float64Array {
  let [strokes, kicks, cymbals, main, syncopated] = [0, 0, 0, 0, 0];
  line.forEach((value, step) => {
    strokes += bitsOf(value);
    cymbals += bitsOf(value & CYMBALS);
    if (value & KICK) kicks++;
    if (!(value & KICK_AND_SNARE)) return;
    main++;
    const weakness = weaknessOf(step);
    if (weakness > 0 && !(line[step - weakness]! & KICK_AND_SNARE)) syncopated++;
  });
  if (strokes === 0) return new Float64Array(DRUM_ATTRIBUTES.length);
  const quarters = line.length / GRID_PER_QUARTER;
  return Float64Array.of(
    strokes / quarters,
    syncopated / Math.max(1, main),
    cymbals / strokes,
    kicks / quarters,
  );
}

/** How many steps before a step off the beat the stronger place lies; 0 on the beat. */
function weaknessOf(step: number): number {
  return step % EIGHTH !== 0 ? 1 : step % GRID_PER_QUARTER !== 0 ? EIGHTH : 0;
}

function bitsOf(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
