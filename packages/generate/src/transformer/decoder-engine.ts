import { AttuneError, instantiateWasm, WasmArena, type WasmExports } from '@attune/core';
import type { DecoderWeights } from './decoder-weights.ts';
import { FIELD_OFFSETS, MAX_ACTIVE_ROWS, rotationPeriods, writeAngles } from './input-layout.ts';
import type { MatrixPlace } from './weight-image.ts';

/** Most steps that one call takes together: more bring little, and wait longer. */
export const BATCH = 8;

/** Calls between two turns of the event loop. */
const CALLS_PER_TURN = 16;

/** Functions of assembly/transformer/decoder-kernels.ts; its globals are set by name. */
interface DecoderKernels extends WasmExports {
  freeFrom(): number;
  step(count: number): void;
  writeLogits(lane: number, field: number): void;
  setField(lane: number, field: number, value: number): void;
  readMemory(from: number, count: number): number;
}

/**
 * One WebAssembly instance with one copy of the weights and a cache for each of its lanes. Steps are only noted down
 * (`add`) and taken together when logits are wanted or the batch is full: all lanes then share one reading of the
 * weights. The order of every sum is fixed, so what a lane computes does not depend on its company.
 * All memory is reserved at the start; an engine allocates nothing later.
 */
export class DecoderEngine {
  readonly weights: DecoderWeights;
  readonly lanes: number;
  private readonly kernels: DecoderKernels;
  private readonly periods: ReturnType<typeof rotationPeriods>;
  private readonly angles: Float64Array; // [P]
  private readonly entries: Int32Array; // [BATCH, 4]
  private readonly rows: Int32Array; // [BATCH, MAX_ACTIVE_ROWS]
  private readonly turns: Float64Array; // [BATCH, 2, P]
  private readonly logitViews: readonly (readonly Float32Array[])[]; // [lanes][fields][size]
  private readonly imageAt: number;
  private pending = 0;
  private readonly isWaiting: Uint8Array; // [lanes]: 1 where a step is noted down
  private taken = 0;
  private takenAtTurn = 0;
  private turn: Promise<void> | undefined;

  constructor(weights: DecoderWeights, lanes: number) {
    this.weights = weights;
    this.lanes = lanes;
    this.isWaiting = new Uint8Array(lanes);
    this.kernels = instantiateWasm<DecoderKernels>(weights.kernels);
    const { width, heads, fieldSizes } = weights.shape;
    const pairs = width / heads / 2;
    this.periods = rotationPeriods(pairs);
    this.angles = new Float64Array(pairs);
    const at = this.layOut(new WasmArena(this.kernels, this.kernels.freeFrom()));
    const { buffer } = this.kernels.memory; // grows no more: views hold
    this.imageAt = at.embed - weights.embed;
    new Uint8Array(buffer, this.imageAt, weights.image.length).set(weights.image);
    this.entries = new Int32Array(buffer, at.entries, 4 * BATCH);
    this.rows = new Int32Array(buffer, at.entryRows, BATCH * MAX_ACTIVE_ROWS);
    this.turns = new Float64Array(buffer, at.turns, 2 * BATCH * pairs);
    const places = this.logitPlaces();
    this.logitViews = Array.from({ length: lanes }, (_, lane) =>
      fieldSizes.map(
        (size, k) => new Float32Array(buffer, at.logits + 4 * (lane * at.logitCount + places[k]!), size),
      ),
    );
  }

  /** Bytes of the instance's memory; what was never touched costs nothing. */
  get bytes(): number {
    return this.kernels.memory.buffer.byteLength;
  }

  /** Calls that took steps, so far. */
  get calls(): number {
    return this.taken;
  }

  /** Notes a step down: `count` of `rows`, at `time` bars, as the lane's step `at`. */
  add(lane: number, at: number, rows: Int32Array, count: number, time: number, wantsHeads: boolean): void {
    if (count > MAX_ACTIVE_ROWS) {
      throw new AttuneError(
        'argument/invalid',
        `A step has ${count} input rows; ${MAX_ACTIVE_ROWS} are the most.`,
        {
          rows: count,
        },
      );
    }
    if (this.pending === BATCH) this.flush();
    const entry = this.pending++;
    this.isWaiting[lane] = 1;
    this.entries.set([lane, at, count, wantsHeads ? 1 : 0], 4 * entry);
    const firstRow = entry * MAX_ACTIVE_ROWS;
    for (let i = 0; i < count; i++) this.rows[firstRow + i] = rows[i]!;
    const { angles } = this;
    const pairs = angles.length;
    writeAngles(this.periods, time, at, angles, 0);
    const first = 2 * entry * pairs;
    for (let p = 0; p < pairs; p++) {
      this.turns[first + p] = Math.cos(angles[p]!);
      this.turns[first + pairs + p] = Math.sin(angles[p]!);
    }
  }

  /** Takes the steps noted down. */
  private flush(): void {
    const count = this.pending;
    this.pending = 0;
    this.isWaiting.fill(0);
    this.taken++;
    this.kernels.step(count);
  }

  /**
   * To be awaited after each note: resolves at once, after others that wait, so that all who write pieces with this
   * engine go in step and their next notes are taken together; and every so many calls in the event loop's next turn,
   * for all of them.
   */
  pause(): Promise<void> {
    if (this.turn === undefined && this.taken - this.takenAtTurn >= CALLS_PER_TURN) {
      this.turn = new Promise((resolve) =>
        setTimeout(() => {
          this.takenAtTurn = this.taken;
          this.turn = undefined;
          resolve();
        }),
      );
    }
    return this.turn ?? Promise.resolve();
  }

  /** Logits of `field`, [size]; valid until the lane's next call for this field. */
  fieldLogits(lane: number, field: number): Float32Array {
    if (this.isWaiting[lane] === 1) this.flush();
    this.kernels.writeLogits(lane, field);
    return this.logitViews[lane]![field]!;
  }

  setField(lane: number, field: number, value: number): void {
    if (this.isWaiting[lane] === 1) this.flush();
    this.kernels.setField(lane, field, value);
  }

  /** Reads all weights once, for benchmarks: what a step cannot be faster than. Gives their bytes. */
  readWeights(): number {
    const floats = (this.weights.image.length >> 6) << 4;
    this.kernels.readMemory(this.imageAt, floats);
    return 4 * floats;
  }

  /** Reserves all memory and sets the kernels' globals, by their names in assembly/transformer/_plan.ts. */
  private layOut(arena: WasmArena) {
    const { weights, lanes } = this;
    const { shape, image } = weights;
    const { width, layers, heads, feedForward, headWidth, window } = shape;
    const fields = shape.fieldSizes.length;
    const hidden = Math.max(weights.layers[0]?.up.rows ?? 0, headWidth);
    const imageAt = arena.reserve(image.length / 4);
    const logitCount = weights.headOut.reduce((sum, { rows }) => sum + rows, 0);
    const matrix = ({ at, scalesAt, columns, rows, limit }: MatrixPlace): number[] => [
      ...[imageAt + at, imageAt + scalesAt],
      ...[columns, rows, limit],
    ];
    const at = {
      ...{ width, layers, heads, feedForward, window, fields, headWidth, logitCount },
      quantised: weights.precision === 'int8' ? 1 : 0,
      maxRows: MAX_ACTIVE_ROWS,
      embed: imageAt + weights.embed,
      headFields: imageAt + weights.headFields,
      headBias: imageAt + weights.headBias,
      logitBias: imageAt + weights.logitBias,
      layerMatrices: arena.integers(
        weights.layers.flatMap(({ qkv, out, up, down }) => [qkv, out, up, down].flatMap(matrix)),
      ),
      headMatrices: arena.integers([weights.headTrunk, ...weights.headOut].flatMap(matrix)),
      fieldRows: arena.integers(FIELD_OFFSETS),
      logitPlaces: arena.integers(this.logitPlaces()),
      entries: arena.reserve(4 * BATCH),
      entryRows: arena.reserve(BATCH * MAX_ACTIVE_ROWS),
      turns: arena.reserve((2 * BATCH * width) / heads),
      residual: arena.reserve(BATCH * width),
      normal: arena.reserve(BATCH * width),
      mixed: arena.reserve(BATCH * width),
      projected: arena.reserve(3 * BATCH * width),
      query: arena.reserve(width),
      hidden: arena.reserve(BATCH * hidden),
      headRows: arena.reserve(BATCH * fields * headWidth),
      scores: arena.reserve(window + 8),
      whole: arena.reserve((BATCH * (Math.max(width, hidden) + 16)) / 2),
      wholeUnits: arena.reserve(BATCH),
      rowList: arena.reserve(2 * (feedForward + 4)),
      headStates: arena.reserve(lanes * fields * headWidth),
      logits: arena.reserve(lanes * logitCount),
      // Keys are read four at a time: a little more than the last cache.
      caches: arena.reserve(2 * lanes * layers * window * width + 4 * width),
    };
    const globals = this.kernels as unknown as Record<string, { value: number }>;
    for (const [name, value] of Object.entries(at)) globals[name]!.value = value;
    return at;
  }

  /** First place of each field among a lane's logits. */
  private logitPlaces(): number[] {
    let next = 0;
    return this.weights.headOut.map(({ rows }) => {
      const first = next;
      next += rows;
      return first;
    });
  }
}
