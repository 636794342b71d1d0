import type { Rng } from '@attune/core';
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
  type CompoundGrammar,
  type CompoundState,
  type Meter,
} from '@attune/core/tokens';
import { instrumentRange } from '../instrument-ranges.ts';
import { type ConditionBins } from './conditions.ts';
import type { StylePrior } from './config.ts';
import type { Decoder } from './decoder.ts';
import { createDrawScratch, drawValue, natsOf } from './draw.ts';
import { MAX_ACTIVE_ROWS, type InputLayout, type StartKind } from './input-layout.ts';

export interface ComposerOptions {
  /** Free to use until the piece is done. */
  readonly decoder: Decoder;
  readonly layout: InputLayout;
  readonly bins: ConditionBins;
  readonly meter: Meter;
  /** Instruments that may play; those in `wanted` are also pressed to appear. */
  readonly instruments: readonly number[];
  readonly wanted: readonly number[];
  readonly prior: StylePrior | undefined;
  /** Semitones from sounding to canonical pitch. */
  readonly shift: number;
  /** Bars of the whole piece. */
  readonly bars: number;
  /** Steps that are already there, in the canonical key, without END. */
  readonly prompt: { readonly steps: Int16Array; readonly barOf: Int32Array } | undefined;
  readonly temperature: number;
  readonly topP: number;
  readonly rng: Rng;
}

/** More notes than this a quarter are not drawn: the music moves on. */
const MAX_NOTES_PER_QUARTER = 48;
/** Logits added, for each bar gone by, to a wanted instrument that has not played; and at most. */
const MISSING_PRESSURE = 0.75;
const MAX_MISSING_PRESSURE = 6;

/** Draws one note after another: decoder, grammar and chance. */
export class Composer {
  /** [steps × FIELD_COUNT], END not among them. */
  readonly steps: number[] = [];
  readonly barOf: number[] = [];
  /** Sum of −ln p at temperature 1 over the composed steps, END included. */
  nats = 0;
  composed = 0;
  private readonly options: ComposerOptions;
  private readonly decoder: Decoder;
  private readonly grammar: CompoundGrammar;
  private readonly active = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishes = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishCount: number;
  private readonly mask = new Uint8Array(Math.max(...FIELD_SIZES));
  private readonly scratch = createDrawScratch(Math.max(...FIELD_SIZES));
  private readonly heard = new Set<number>();
  private state: CompoundState;
  private inBar = 0;

  constructor(options: ComposerOptions) {
    const { layout, bins, meter, instruments, bars, prompt } = options;
    this.options = options;
    this.decoder = options.decoder;
    this.wishCount = layout.conditions(bins, this.wishes, 0);
    this.grammar = createCompoundGrammar({
      meter,
      instruments,
      minBars: bars,
      maxBars: bars,
      pitchRange: (instrument) => this.pitchRange(instrument),
    });
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
    this.prime();
  }

  get bar(): number {
    return this.state.bar;
  }
  get ended(): boolean {
    return this.state.ended;
  }

  /** Draws the next note, or the end. */
  next(): void {
    const { decoder, mask, grammar, state } = this;
    const { temperature, topP, rng } = this.options;
    const step = new Int16Array(FIELD_COUNT);
    for (let field = 0; field < FIELD_COUNT; field++) {
      grammar.mask(field, state, step, mask);
      if (field === BAR) this.moveOnWhenFull();
      const logits = decoder.fieldLogits(field);
      const plain = field === INSTRUMENT ? logits.slice() : logits;
      if (field === INSTRUMENT) this.pressMissing(logits);
      const value = drawValue(logits, mask, temperature, topP, rng, this.scratch);
      this.nats += natsOf(plain, value);
      step[field] = value;
      if (field === BAR && value === END) break;
      decoder.setField(field, value);
    }
    this.composed++;
    this.state = grammar.accept(state, step);
    if (this.state.ended) return;
    this.keep(step, this.state.bar);
    if (decoder.steps >= this.decoder.window) this.prime();
    else this.feed(this.barOf.length - 1, true);
  }

  private keep(step: Int16Array, bar: number): void {
    this.inBar = bar === this.barOf.at(-1) ? this.inBar + 1 : 1;
    this.steps.push(...step);
    this.barOf.push(bar);
    this.heard.add(step[INSTRUMENT]!);
  }

  /** Starts the decoder anew on the latest notes: from the start, or with half a window of context. */
  private prime(): void {
    const count = this.barOf.length;
    const room = this.decoder.window;
    this.decoder.reset();
    const from = count < room ? 0 : this.contextStart(count - (room >> 1));
    this.begin(from === 0 ? 'start' : 'middle', from, from === count);
    for (let i = from; i < count; i++) this.feed(i, i === count - 1);
  }

  /** The first step of a bar near `step`, where the bar is not long. */
  private contextStart(step: number): number {
    let first = step;
    while (first > 0 && this.barOf[first - 1] === this.barOf[step]) first--;
    return step - first < this.decoder.window >> 2 ? first : step;
  }

  private begin(kind: StartKind, from: number, heads: boolean): void {
    const bar = from === 0 ? 0 : this.barOf[from]!;
    const count = this.options.layout.start(kind, this.active, 0);
    this.input(count, bar, 0, heads);
  }

  private feed(index: number, heads: boolean): void {
    const count = this.options.layout.note(this.steps, index * FIELD_COUNT, this.active, 0);
    this.input(count, this.barOf[index]!, this.steps[index * FIELD_COUNT + POSITION]!, heads);
  }

  private input(noteRows: number, bar: number, position: number, heads: boolean): void {
    const { layout, bars } = this.options;
    let count = layout.metre(bar, bars - 1 - bar, this.active, noteRows);
    for (let i = 0; i < this.wishCount; i++) this.active[count++] = this.wishes[i]!;
    this.decoder.step(this.active, count, bar + position / this.grammar.barSteps, heads);
  }

  private moveOnWhenFull(): void {
    if (this.inBar < MAX_NOTES_PER_QUARTER * (this.grammar.barSteps / 24)) return;
    let others = 0;
    for (let v = 1; v < FIELD_SIZES[BAR]!; v++) others += this.mask[v]!;
    if (others > 0) this.mask[0] = 0;
    else this.mask[END] = 1;
  }

  private pressMissing(logits: Float32Array): void {
    const pressure = Math.min(MAX_MISSING_PRESSURE, MISSING_PRESSURE * this.state.bar);
    for (const instrument of this.options.wanted)
      if (!this.heard.has(instrument)) logits[instrument]! += pressure;
  }

  /** Pitch tokens that the instrument can play in the sounding key, and that its style uses. */
  private pitchRange(instrument: number): readonly [number, number] {
    const { prior, shift } = this.options;
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
    const [low, high] = instrumentRange(instrument).map((pitch) =>
      Math.min(127, Math.max(0, pitch + shift)),
    ) as [number, number];
    if (!learned) return [low, high];
    const [from, to] = [Math.max(low, learned[0]), Math.min(high, learned[1])];
    return to - from >= 12 ? [from, to] : [low, high];
  }
}
