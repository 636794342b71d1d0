import type { Rng } from '@attune/core';
import type { Mode } from '@attune/core/style';
import {
  BAR,
  createCompoundGrammar,
  DRUM_INSTRUMENT,
  DRUM_PITCH_OFFSET,
  END,
  FIELD_COUNT,
  FIELD_SIZES,
  INSTRUMENT,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
  type CompoundGrammar,
  type CompoundState,
  type Meter,
} from '@attune/core/tokens';
import { instrumentRange } from '../instrument-ranges.ts';
import { OPEN, type ConditionBins } from './conditions.ts';
import type { StylePrior } from './config.ts';
import type { Decoder } from './decoder.ts';
import { createDrawScratch, drawValue, natsOf } from './draw.ts';
import type { InputLayout } from './input-layout.ts';
import { NoteStream } from './note-stream.ts';
import type { BarForm } from './form/bar-form.ts';
import { Steering, type SteeringStrengths } from './steering.ts';
import { fieldsOf } from './tasks/task-window.ts';
import { TaskStream, type WrittenPart } from './tasks/task-stream.ts';
import { reachOf, type PitchRange } from './wished-range.ts';

export interface ComposerOptions {
  /** Free to use until the piece is done; the second one is for guidance. */
  readonly decoders: readonly [Decoder, Decoder?];
  readonly layout: InputLayout;
  readonly bins: ConditionBins;
  readonly meter: Meter;
  /** Instruments that may play; those in `wanted` are also pressed to appear. */
  readonly instruments: readonly number[];
  readonly wanted: readonly number[];
  readonly mode: Mode | undefined;
  /** Notes a quarter that are to be kept; undefined: as the model likes. */
  readonly density: number | undefined;
  /** Quantile, 0 … 1; undefined: as the model likes. */
  readonly tension: number | undefined;
  readonly prior: StylePrior | undefined;
  /** Sounding pitches that are to be kept to; absent: what the instruments play. */
  readonly range?: PitchRange;
  /** Semitones from sounding to canonical pitch. */
  readonly shift: number;
  /** Bars of the whole piece; of a part: those that are written. */
  readonly bars: number;
  /** Bars that must have been reached before the end; default: all. */
  readonly leastBars?: number;
  /** Sections; absent: as the model likes. */
  readonly form?: BarForm;
  /** Notes to write beside; absent: a piece of its own. Bars then count from the part's first. */
  readonly part?: WrittenPart;
  /** Steps that are already there, in the canonical key, without END. */
  readonly prompt: { readonly steps: Int16Array; readonly barOf: Int32Array } | undefined;
  readonly temperature: number;
  readonly topP: number;
  /**
   * Classifier-free guidance (Ho & Salimans 2022): logits move from those of the model told no style, mode,
   * density and mood towards and beyond those of the model told. 1: as told.
   */
  readonly guidance: number;
  /** What the second model is not told: style, mode, density and mood (default), or the style alone. */
  readonly stresses?: Stresses;
  readonly steering?: Partial<SteeringStrengths>;
  readonly rng: Rng;
}

/** What guidance stresses. */
export type Stresses = 'wishes' | 'style';

/** More notes than this a quarter are not drawn: the music moves on. */
const MAX_NOTES_PER_QUARTER = 48;

/** Draws one note after another: decoder, guidance, steering, grammar and chance. */
export class Composer {
  /** [steps × FIELD_COUNT], END not among them. */
  readonly steps: number[] = [];
  readonly barOf: number[] = [];
  readonly bars: number;
  readonly barSteps: number;
  /** Sum of −ln p, as told and at temperature 1, over the composed steps, END included. */
  nats = 0;
  /** As `nats`, by the model that is not told what guidance stresses; 0 without guidance. */
  plainNats = 0;
  composed = 0;
  private readonly options: ComposerOptions;
  private readonly told: NoteStream | TaskStream;
  /** Not told what guidance is to stress. */
  private readonly plain: NoteStream | TaskStream | undefined;
  private readonly taken: ReadonlySet<string>; // given notes, as `nameOf`
  private readonly grammar: CompoundGrammar;
  private readonly steering: Steering;
  private readonly mask = new Uint8Array(Math.max(...FIELD_SIZES));
  private readonly scratch = createDrawScratch(Math.max(...FIELD_SIZES));
  private readonly logits = FIELD_SIZES.map((size) => new Float32Array(size));
  private plainLogits: Float32Array | undefined;
  private state: CompoundState;
  private inBar = 0;

  constructor(options: ComposerOptions) {
    const { layout, bins, meter, instruments, bars, prompt, decoders, guidance, part } = options;
    this.options = options;
    this.bars = bars;
    const stream = (decoder: Decoder, told: ConditionBins, form?: BarForm): NoteStream | TaskStream =>
      part ? new TaskStream(decoder, layout, told, part) : new NoteStream(decoder, layout, told, form);
    this.told = stream(decoders[0], bins, options.form);
    const given = part && !part.isSketch ? part.given : [];
    this.taken = new Set(given.map((note) => nameOf(note, note.bar - part!.firstBar)));
    const plainBins =
      options.stresses === 'style'
        ? { ...bins, style: OPEN.style }
        : { ...OPEN, tempo: bins.tempo, meter: bins.meter, instruments: bins.instruments };
    const plainForm = options.stresses === 'style' ? options.form : undefined;
    this.plain = decoders[1] && guidance !== 1 ? stream(decoders[1], plainBins, plainForm) : undefined;
    this.grammar = createCompoundGrammar({
      meter,
      instruments,
      minBars: options.leastBars ?? bars,
      maxBars: bars,
      pitchRange: (instrument) => this.pitchRange(instrument),
    });
    this.barSteps = this.grammar.barSteps;
    const { mode, density, tension, wanted, steering } = options;
    this.steering = new Steering({
      mode,
      density,
      tension,
      wanted,
      barSteps: this.barSteps,
      ...(steering && { strengths: steering }),
    });
    part?.given.forEach((note) => this.steering.hear(fieldsOf(note, note.bar), note.bar - part.firstBar));
    this.state = this.grammar.start();
    if (prompt && prompt.barOf.length > 0) {
      for (let i = 0; i < prompt.barOf.length; i++)
        this.keep(prompt.steps.subarray(i * FIELD_COUNT, (i + 1) * FIELD_COUNT), prompt.barOf[i]!);
      const last = (prompt.barOf.length - 1) * FIELD_COUNT;
      this.state = {
        bar: prompt.barOf.at(-1)!,
        position: prompt.steps[last + POSITION]!,
        instrument: prompt.steps[last + INSTRUMENT]!,
        pitch: prompt.steps[last + PITCH]!,
        ended: false,
      };
    }
    this.told.prime(this);
    this.plain?.prime(this);
  }

  get bar(): number {
    return this.state.bar;
  }
  get ended(): boolean {
    return this.state.ended;
  }

  /** Lets other compositions draw a note, and now and then the event loop turn. */
  pause(): Promise<void> {
    return this.told.decoder.pause();
  }

  /** Draws the next note, or the end. */
  next(): void {
    const { grammar, state, mask } = this;
    const { temperature, topP, rng } = this.options;
    const step = new Int16Array(FIELD_COUNT);
    for (let field = 0; field < FIELD_COUNT; field++) {
      grammar.mask(field, state, step, mask);
      if (field === BAR) this.moveOnWhenFull();
      if (field === PITCH) this.leaveTaken(step);
      const told = this.told.decoder.fieldLogits(field);
      const logits = this.guide(field, told);
      this.steering.steer(field, logits, state, step);
      const value = drawValue(logits, mask, temperature, topP, rng, this.scratch);
      this.nats += natsOf(told, value);
      if (this.plainLogits) this.plainNats += natsOf(this.plainLogits, value);
      step[field] = value;
      if (field === BAR && value === END) break;
      this.told.decoder.setField(field, value);
      this.plain?.decoder.setField(field, value);
    }
    this.composed++;
    this.state = grammar.accept(state, step);
    if (this.state.ended) return;
    this.keep(step, this.state.bar);
    this.told.advance(this);
    this.plain?.advance(this);
  }

  private guide(field: number, told: Float32Array): Float32Array {
    const logits = this.logits[field]!;
    if (!this.plain) {
      logits.set(told);
      return logits;
    }
    const { guidance } = this.options;
    const plain = this.plain.decoder.fieldLogits(field);
    this.plainLogits = plain;
    for (let v = 0; v < logits.length; v++) logits[v] = plain[v]! + guidance * (told[v]! - plain[v]!);
    return logits;
  }

  private keep(step: Int16Array, bar: number): void {
    this.inBar = bar === this.barOf.at(-1) ? this.inBar + 1 : 1;
    this.steps.push(...step);
    this.barOf.push(bar);
    this.steering.hear(step, bar);
  }

  private moveOnWhenFull(): void {
    if (this.inBar < MAX_NOTES_PER_QUARTER * (this.barSteps / STEPS_PER_QUARTER)) return;
    let others = 0;
    for (let v = 1; v < FIELD_SIZES[BAR]!; v++) others += this.mask[v]!;
    if (others > 0) this.mask[0] = 0;
    else this.mask[END] = 1;
  }

  /** A note that is given is not written again, where there is a choice. */
  private leaveTaken(step: Int16Array): void {
    if (this.taken.size === 0) return;
    const bar = this.state.bar + step[BAR]!;
    const free = this.mask.slice(0, FIELD_SIZES[PITCH]);
    const note = { position: step[POSITION]!, instrument: step[INSTRUMENT]! };
    for (let pitch = 0; pitch < free.length; pitch++)
      if (free[pitch] === 1 && this.taken.has(nameOf({ ...note, pitch }, bar))) free[pitch] = 0;
    if (free.includes(1)) this.mask.set(free);
  }

  /** Pitch tokens that the instrument can play in the sounding key, and that its style uses. */
  private pitchRange(instrument: number): readonly [number, number] {
    const { prior, shift, range } = this.options;
    const learned = prior?.pitchRanges[instrument];
    if (instrument === DRUM_INSTRUMENT) {
      const [low, high] = instrumentRange(instrument);
      return (
        learned ?? [
          low < DRUM_PITCH_OFFSET ? low + DRUM_PITCH_OFFSET : low,
          high < DRUM_PITCH_OFFSET ? high + DRUM_PITCH_OFFSET : high,
        ]
      );
    }
    const [low, high] = (range ? reachOf(instrument, range) : instrumentRange(instrument)).map((pitch) =>
      Math.min(127, Math.max(0, pitch + shift)),
    ) as [number, number];
    if (!learned) return [low, high];
    const [from, to] = [Math.max(low, learned[0]), Math.min(high, learned[1])];
    return to - from >= Math.min(12, high - low) ? [from, to] : [low, high];
  }
}

function nameOf(
  { position, instrument, pitch }: { position: number; instrument: number; pitch: number },
  bar: number,
): string {
  return `${bar} ${position} ${instrument} ${pitch}`;
}
