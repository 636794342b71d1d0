import { findKeyOfHistogram, KRUMHANSL_KESSLER } from '@attune/core';
import type { Mode } from '@attune/core/style';
import {
  BAR,
  DRUM_INSTRUMENT,
  DURATION,
  DURATIONS,
  INSTRUMENT,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
  type CompoundState,
} from '@attune/core/tokens';

/** Strengths in logits. */
export interface SteeringStrengths {
  /** Weight of the key's standardised tone profile on pitches: always, and while another key is heard. */
  readonly key: number;
  readonly wrongKey: number;
  /** Taken from the weight of the key at the highest tension, and added at the lowest. */
  readonly tension: number;
  /** Weight of the log of wanted by present density. */
  readonly density: number;
  /** For each bar gone by, on a wanted instrument that has not played; and at most. */
  readonly missing: number;
  readonly missingMost: number;
  /** For each bar beyond `SILENT_BARS` in which a wanted instrument that played before is silent; and at most. */
  readonly silent: number;
  readonly silentMost: number;
}
export const DEFAULT_STEERING: SteeringStrengths = {
  key: 0.25,
  wrongKey: 0.7,
  tension: 0.5,
  density: 1.5,
  missing: 0.75,
  missingMost: 6,
  silent: 0,
  silentMost: 3,
};

export interface SteeringOptions {
  /** Mode of the canonical key (C major or A minor); undefined without a key. */
  readonly mode: Mode | undefined;
  /** Notes a quarter; undefined: as the model likes. */
  readonly density: number | undefined;
  /** Wished tension as a quantile; undefined: as the model likes. */
  readonly tension: number | undefined;
  /** Instruments that are to appear. */
  readonly wanted: readonly number[];
  readonly barSteps: number;
  readonly strengths?: Partial<SteeringStrengths>; // default: DEFAULT_STEERING
}

/** Most that density can push, in logits. */
const DENSITY_MOST = 4;
/** An instrument may rest for so many bars before it is asked back. */
const SILENT_BARS = 1;
/** Notes before the key of what was played means anything. */
const KEY_NOTES = 12;

/**
 * Closed-loop control: small changes to the logits that pull the piece back towards a wish it drifts from. A model
 * told a density or key keeps near it on the whole; this keeps each piece near it.
 */
export class Steering {
  private readonly options: SteeringOptions;
  private readonly strengths: SteeringStrengths;
  private readonly profile: readonly number[] | undefined; // [12], mean 0, deviation 1
  private readonly pitchClasses = new Float64Array(12); // sounding steps
  private readonly lastBars = new Map<number, number>(); // by instrument: the latest bar in which it played
  private notes = 0;
  private inKey = true;

  constructor(options: SteeringOptions) {
    this.options = options;
    this.strengths = { ...DEFAULT_STEERING, ...options.strengths };
    this.profile = options.mode && canonicalProfile(options.mode);
  }

  /** Takes a step that was played. */
  hear(step: ArrayLike<number>, bar: number): void {
    this.notes++;
    const instrument = step[INSTRUMENT]!;
    this.lastBars.set(instrument, bar);
    if (instrument === DRUM_INSTRUMENT || !this.options.mode) return;
    this.pitchClasses[step[PITCH]! % 12]! += DURATIONS[step[DURATION]!]!;
    if (this.notes < KEY_NOTES) return;
    const key = findKeyOfHistogram(this.pitchClasses);
    this.inKey = key?.mode === this.options.mode && key.tonic === (key.mode === 'major' ? 0 : 9);
  }

  /** Changes the logits of `field` in place; `step` holds the fields before it. */
  steer(field: number, logits: Float32Array, state: CompoundState, step: ArrayLike<number>): void {
    if (field === BAR) this.steerBar(logits, state);
    else if (field === POSITION) this.steerPosition(logits, state, step);
    else if (field === INSTRUMENT) this.steerInstrument(logits, state);
    else if (field === PITCH && step[INSTRUMENT] !== DRUM_INSTRUMENT) this.steerPitch(logits);
  }

  /** Too few notes for the time at the end of this bar: stay in it; too many: go on. */
  private steerBar(logits: Float32Array, state: CompoundState): void {
    const push = this.densityPush((state.bar + 1) * this.options.barSteps, 0.5);
    logits[0]! += push;
  }

  /** Too few notes so far: near positions; too many: far ones. */
  private steerPosition(logits: Float32Array, state: CompoundState, step: ArrayLike<number>): void {
    if (this.options.density === undefined) return;
    const from = step[BAR] === 0 ? Math.max(0, state.position) : 0;
    const now = (state.bar + step[BAR]!) * this.options.barSteps + from;
    const push = this.densityPush(now + STEPS_PER_QUARTER, 1);
    for (let position = from; position < this.options.barSteps; position++) {
      logits[position]! -= (push * (position - from)) / STEPS_PER_QUARTER;
    }
  }

  private steerInstrument(logits: Float32Array, state: CompoundState): void {
    const { missing, missingMost, silent, silentMost } = this.strengths;
    for (const instrument of this.options.wanted) {
      const last = this.lastBars.get(instrument);
      logits[instrument]! +=
        last === undefined
          ? Math.min(missingMost, missing * state.bar)
          : Math.min(silentMost, silent * Math.max(0, state.bar - last - SILENT_BARS));
    }
  }

  private steerPitch(logits: Float32Array): void {
    if (!this.profile) return;
    const { tension = 0.5 } = this.options;
    const relaxed = this.strengths.tension * (1 - 2 * tension);
    const strength = this.inKey
      ? this.strengths.key + relaxed
      : this.strengths.wrongKey + Math.max(0, relaxed);
    for (let pitch = 0; pitch < 128; pitch++) logits[pitch]! += strength * this.profile[pitch % 12]!;
  }

  /** Log of wanted by present notes at `time` (grid steps), weighed and bounded. */
  private densityPush(time: number, more: number): number {
    const { density } = this.options;
    if (density === undefined) return 0;
    const wanted = (density * time) / STEPS_PER_QUARTER;
    const push =
      this.strengths.density * Math.log((wanted + 1) / (this.notes + more + 1)) * Math.sqrt(wanted + 1);
    return Math.max(-DENSITY_MOST, Math.min(DENSITY_MOST, push));
  }
}

/** Tone profile of C major or A minor, standardised. */
function canonicalProfile(mode: Mode): number[] {
  const tonic = mode === 'major' ? 0 : 9;
  const profile = Array.from(
    { length: 12 },
    (_, pitchClass) => KRUMHANSL_KESSLER[mode][(pitchClass - tonic + 12) % 12]!,
  );
  const mean = profile.reduce((sum, x) => sum + x, 0) / 12;
  const deviation = Math.sqrt(profile.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 12);
  return profile.map((x) => (x - mean) / deviation);
}
