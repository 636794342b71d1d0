import {
  BAR,
  DURATION,
  END,
  FIELD_COUNT,
  INSTRUMENT,
  INSTRUMENT_COUNT,
  PITCH,
  POSITION,
  VELOCITY,
  barStepsOf,
} from '@attune/core/tokens';
import type { EncodedPiece } from '../evaluate/note-model.ts';

/**
 * What a context may look at. `p1`, `p2`, `p3` are the notes before; `own1` … the notes before of the same
 * instrument; `slot` tells whether the note sounds together with the one before.
 */
export const FEATURES = [
  { name: 'style', needs: -1 },
  { name: 'barSteps', needs: -1 },
  { name: 'p1.position', needs: -1 },
  { name: 'p1.instrument', needs: -1 },
  { name: 'p1.pitch', needs: -1 },
  { name: 'p1.duration', needs: -1 },
  { name: 'p1.velocity', needs: -1 },
  { name: 'p2.position', needs: -1 },
  { name: 'p2.instrument', needs: -1 },
  { name: 'p2.pitch', needs: -1 },
  { name: 'p2.duration', needs: -1 },
  { name: 'p3.position', needs: -1 },
  { name: 'p3.instrument', needs: -1 },
  { name: 'p3.pitch', needs: -1 },
  { name: 'onset1', needs: -1 }, // step before the last onset, relative to it
  { name: 'onset2', needs: -1 },
  { name: 'voices', needs: -1 }, // notes at the last onset so far
  { name: 'lastVoices', needs: -1 }, // notes at the onset before it
  { name: 'bar', needs: BAR }, // 0, 1, or more
  { name: 'position', needs: POSITION },
  { name: 'slot', needs: POSITION },
  { name: 'beat', needs: POSITION }, // position within the quarter
  { name: 'slotVelocity', needs: POSITION }, // velocity of the note before when together with it
  { name: 'slotDuration', needs: POSITION },
  { name: 'instrument', needs: INSTRUMENT },
  { name: 'chord', needs: INSTRUMENT }, // together with a note of the same instrument
  { name: 'own1.pitch', needs: INSTRUMENT },
  { name: 'own2.pitch', needs: INSTRUMENT },
  { name: 'own3.pitch', needs: INSTRUMENT },
  { name: 'own1.duration', needs: INSTRUMENT },
  { name: 'own2.duration', needs: INSTRUMENT },
  { name: 'own1.velocity', needs: INSTRUMENT },
  { name: 'slotPitchClass', needs: INSTRUMENT }, // pitch class of the lowest note of this onset
  { name: 'pitch', needs: PITCH },
  { name: 'duration', needs: DURATION },
] as const satisfies readonly { name: string; needs: number }[];
export type FeatureName = (typeof FEATURES)[number]['name'];
export const FEATURE_COUNT = FEATURES.length;

const INDEX = new Map<string, number>(FEATURES.map(({ name }, i) => [name, i]));
const NONE = 0x7fff;

/** Column of a feature in what `visitFeatures` hands out. */
export function featureIndex(name: FeatureName): number {
  return INDEX.get(name)!;
}

/** Calls `visit` with the features of each step of a piece in order; the array is reused. */
export function visitFeatures(
  piece: EncodedPiece,
  styles: readonly string[],
  visit: (values: Int32Array, step: number) => void,
): void {
  const { steps, meter } = piece.sequence;
  const values = new Int32Array(FEATURE_COUNT).fill(NONE);
  const set = (name: FeatureName, value: number): void => void (values[INDEX.get(name)!] = value);
  set('style', piece.conditioning.style === undefined ? NONE : styles.indexOf(piece.conditioning.style));
  const own = [0, 1, 2].map(() => new Int32Array(INSTRUMENT_COUNT).fill(NONE));
  const ownDuration = [0, 1].map(() => new Int32Array(INSTRUMENT_COUNT).fill(NONE));
  const ownVelocity = new Int32Array(INSTRUMENT_COUNT).fill(NONE);
  const count = steps.length / FIELD_COUNT;
  const at = (index: number, field: number): number =>
    index < 0 ? NONE : steps[index * FIELD_COUNT + field]!;
  const barSteps = barStepsOf(meter);
  // Steps of this onset and of the two before it, and the notes that they hold.
  let onset = NONE;
  let lastOnset = NONE;
  let thirdOnset = NONE;
  let voices = 0;
  let lastVoices = 0;
  let bass = NONE;
  set('barSteps', barSteps);
  let bar = 0;
  for (let i = 0; i < count; i++) {
    set('p1.position', at(i - 1, POSITION));
    set('p1.instrument', at(i - 1, INSTRUMENT));
    set('p1.pitch', at(i - 1, PITCH));
    set('p1.duration', at(i - 1, DURATION));
    set('p1.velocity', at(i - 1, VELOCITY));
    set('p2.position', at(i - 2, POSITION));
    set('p2.instrument', at(i - 2, INSTRUMENT));
    set('p2.pitch', at(i - 2, PITCH));
    set('p2.duration', at(i - 2, DURATION));
    set('p3.position', at(i - 3, POSITION));
    set('p3.instrument', at(i - 3, INSTRUMENT));
    set('p3.pitch', at(i - 3, PITCH));
    set('onset1', lastOnset === NONE ? NONE : onset - lastOnset);
    set('onset2', thirdOnset === NONE ? NONE : lastOnset - thirdOnset);
    set('voices', voices);
    set('lastVoices', lastVoices);
    const delta = at(i, BAR);
    set('bar', Math.min(delta, 2));
    const position = at(i, POSITION);
    const slot = delta === 0 && i > 0 && position === at(i - 1, POSITION);
    set('position', position);
    set('slot', slot ? 1 : 0);
    set('beat', position % 24);
    set('slotVelocity', slot ? at(i - 1, VELOCITY) : NONE);
    set('slotDuration', slot ? at(i - 1, DURATION) : NONE);
    const instrument = at(i, INSTRUMENT);
    set('instrument', instrument);
    set('chord', slot && at(i - 1, INSTRUMENT) === instrument ? 1 : 0);
    set('own1.pitch', own[0]![instrument]!);
    set('own2.pitch', own[1]![instrument]!);
    set('own3.pitch', own[2]![instrument]!);
    set('own1.duration', ownDuration[0]![instrument]!);
    set('own2.duration', ownDuration[1]![instrument]!);
    set('own1.velocity', ownVelocity[instrument]!);
    set('slotPitchClass', slot && bass < 128 ? bass % 12 : NONE);
    set('pitch', at(i, PITCH));
    set('duration', at(i, DURATION));
    visit(values, i);
    if (delta === END) break;
    bar += delta;
    if (slot) voices++;
    else {
      [thirdOnset, lastOnset, onset] = [lastOnset, onset, bar * barSteps + position];
      [lastVoices, voices] = [voices, 1];
    }
    bass = slot ? Math.min(bass, at(i, PITCH)) : at(i, PITCH);
    own[2]![instrument] = own[1]![instrument]!;
    own[1]![instrument] = own[0]![instrument]!;
    own[0]![instrument] = at(i, PITCH);
    ownDuration[1]![instrument] = ownDuration[0]![instrument]!;
    ownDuration[0]![instrument] = at(i, DURATION);
    ownVelocity[instrument] = at(i, VELOCITY);
  }
}
