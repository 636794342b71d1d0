import {
  BAR,
  DURATION,
  END,
  FIELD_COUNT,
  INSTRUMENT,
  INSTRUMENT_COUNT,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
  VELOCITY,
  barStepsOf,
} from '@attune/core/tokens';
import type { Meter } from '@attune/core/tokens';
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

/** The features of a piece step by step, as far as its fields are known. */
export class FeatureTracker {
  /** [FEATURE_COUNT]; those that need a field not yet told are of the step before. */
  readonly values = new Int32Array(FEATURE_COUNT).fill(NONE);
  private readonly barSteps: number;
  private readonly own = [0, 1, 2].map(() => new Int32Array(INSTRUMENT_COUNT).fill(NONE));
  private readonly ownDuration = [0, 1].map(() => new Int32Array(INSTRUMENT_COUNT).fill(NONE));
  private readonly ownVelocity = new Int32Array(INSTRUMENT_COUNT).fill(NONE);
  private readonly step = new Int16Array(FIELD_COUNT);
  private readonly last = [0, 1, 2].map(() => new Int16Array(FIELD_COUNT).fill(NONE));
  // Steps of this onset and of the two before it, and the notes that they hold.
  private onset = NONE;
  private lastOnset = NONE;
  private thirdOnset = NONE;
  private voices = 0;
  private lastVoices = 0;
  private bass = NONE;
  private bar = 0;
  private slot = false;

  constructor(meter: Meter, style: number) {
    this.barSteps = barStepsOf(meter);
    this.set('style', style < 0 ? NONE : style);
    this.set('barSteps', this.barSteps);
    this.begin();
  }

  /** Takes a field of the step, in order; after the last the next step begins. */
  tell(field: number, value: number): void {
    this.step[field] = value;
    if (field === BAR) this.set('bar', Math.min(value, 2));
    else if (field === POSITION) this.tellPosition(value);
    else if (field === INSTRUMENT) this.tellInstrument(value);
    else if (field === PITCH) this.set('pitch', value);
    else if (field === DURATION) this.set('duration', value);
    if (field === FIELD_COUNT - 1) this.close();
  }

  private set(name: FeatureName, value: number): void {
    this.values[INDEX.get(name)!] = value;
  }

  private begin(): void {
    const [p1, p2, p3] = this.last as [Int16Array, Int16Array, Int16Array];
    this.set('p1.position', p1[POSITION]!);
    this.set('p1.instrument', p1[INSTRUMENT]!);
    this.set('p1.pitch', p1[PITCH]!);
    this.set('p1.duration', p1[DURATION]!);
    this.set('p1.velocity', p1[VELOCITY]!);
    this.set('p2.position', p2[POSITION]!);
    this.set('p2.instrument', p2[INSTRUMENT]!);
    this.set('p2.pitch', p2[PITCH]!);
    this.set('p2.duration', p2[DURATION]!);
    this.set('p3.position', p3[POSITION]!);
    this.set('p3.instrument', p3[INSTRUMENT]!);
    this.set('p3.pitch', p3[PITCH]!);
    this.set('onset1', this.lastOnset === NONE ? NONE : this.onset - this.lastOnset);
    this.set('onset2', this.thirdOnset === NONE ? NONE : this.lastOnset - this.thirdOnset);
    this.set('voices', this.voices);
    this.set('lastVoices', this.lastVoices);
  }

  private tellPosition(position: number): void {
    const [p1] = this.last;
    this.slot = this.step[BAR] === 0 && position === p1![POSITION];
    this.set('position', position);
    this.set('slot', this.slot ? 1 : 0);
    this.set('beat', position % STEPS_PER_QUARTER);
    this.set('slotVelocity', this.slot ? p1![VELOCITY]! : NONE);
    this.set('slotDuration', this.slot ? p1![DURATION]! : NONE);
  }

  private tellInstrument(instrument: number): void {
    this.set('instrument', instrument);
    this.set('chord', this.slot && this.last[0]![INSTRUMENT] === instrument ? 1 : 0);
    this.set('own1.pitch', this.own[0]![instrument]!);
    this.set('own2.pitch', this.own[1]![instrument]!);
    this.set('own3.pitch', this.own[2]![instrument]!);
    this.set('own1.duration', this.ownDuration[0]![instrument]!);
    this.set('own2.duration', this.ownDuration[1]![instrument]!);
    this.set('own1.velocity', this.ownVelocity[instrument]!);
    this.set('slotPitchClass', this.slot && this.bass < 128 ? this.bass % 12 : NONE);
  }

  private close(): void {
    const { step, own, ownDuration } = this;
    const instrument = step[INSTRUMENT]!;
    this.bar += step[BAR]!;
    if (this.slot) this.voices++;
    else {
      [this.thirdOnset, this.lastOnset] = [this.lastOnset, this.onset];
      this.onset = this.bar * this.barSteps + step[POSITION]!;
      [this.lastVoices, this.voices] = [this.voices, 1];
    }
    this.bass = this.slot ? Math.min(this.bass, step[PITCH]!) : step[PITCH]!;
    own[2]![instrument] = own[1]![instrument]!;
    own[1]![instrument] = own[0]![instrument]!;
    own[0]![instrument] = step[PITCH]!;
    ownDuration[1]![instrument] = ownDuration[0]![instrument]!;
    ownDuration[0]![instrument] = step[DURATION]!;
    this.ownVelocity[instrument] = step[VELOCITY]!;
    this.last[2]!.set(this.last[1]!);
    this.last[1]!.set(this.last[0]!);
    this.last[0]!.set(step);
    this.begin();
  }
}

/** Calls `visit` for each field of each step of a piece in order, with what is known before it; the array is reused. */
export function visitFeatures(
  piece: Pick<EncodedPiece, 'sequence' | 'conditioning'>,
  styles: readonly string[],
  visit: (values: Int32Array, step: number, field: number) => void,
): void {
  const { steps, meter } = piece.sequence;
  const { style } = piece.conditioning;
  const tracker = new FeatureTracker(meter, style === undefined ? -1 : styles.indexOf(style));
  for (let at = 0; at < steps.length; at++) {
    const field = at % FIELD_COUNT;
    visit(tracker.values, Math.floor(at / FIELD_COUNT), field);
    if (field === BAR && steps[at] === END) break;
    tracker.tell(field, steps[at]!);
  }
}
