import { AttuneError } from '../foundation/errors.ts';
import {
  compileWasm,
  compileWasmAsync,
  instantiateWasm,
  WasmArena,
  type WasmExports,
  type WasmModule,
} from '../foundation/wasm-module.ts';
import type { FeatureSettings } from './audio-features.ts';
import { CHROMA_HIGH, CHROMA_LOW, createChromaMap, createDct, createMelBank } from './filter-banks.ts';
import type { FrameEngine } from './frame-engine.ts';
import { melBankOptions } from './feature-settings.ts';
import {
  FRAME_FEATURE_NAMES,
  FRAME_FEATURES,
  type FrameArrays,
  type FrameFeature,
} from './frame-features.ts';
import { FRAME_KERNELS_WASM } from './frame-kernels.wasm.ts';
import { packBank, packChroma, twiddleTables } from './kernel-tables.ts';
import { contrastRanges } from './spectral-contrast.ts';
import { MIN_POWER } from './silence.ts';
import { blockSizeOf } from './time-domain.ts';

const SMALLEST_FRAME = 64;
const LARGEST_FRAME = 2 ** 18;
/** A batch is this many frames, or as many as this many samples hold. */
const BATCH_FRAMES = 64;
const BATCH_SAMPLES = 2 ** 17;

/** Functions of assembly/features/frame-kernels.ts; its globals are set by name. */
interface FrameKernels extends WasmExports {
  freeFrom(): number;
  reset(): void;
  analyse(count: number): void;
}
type Globals = Record<string, { value: number }>;

/** Compiles the kernels off the main thread, for `createFeaturePlan({ kernels })` in a browser. */
export function loadFeatureKernels(): Promise<WasmModule> {
  return compileWasmAsync(FRAME_KERNELS_WASM);
}

/**
 * Single precision in WebAssembly with SIMD. Each engine is an instance with a memory of its own, laid out once here;
 * frames go through it in batches. Throws `feature/invalid` for a frame size outside 64 … 2¹⁸.
 */
export function createSimdEngine(
  settings: FeatureSettings,
  wanted: readonly FrameFeature[],
  kernels: WasmModule = compileWasm(FRAME_KERNELS_WASM),
): FrameEngine {
  const { frameSize } = settings;
  if (frameSize < SMALLEST_FRAME || frameSize > LARGEST_FRAME) {
    throw new AttuneError(
      'feature/invalid',
      `Frames in single precision have ${SMALLEST_FRAME} to ${LARGEST_FRAME} samples, not ${frameSize}.`,
      { frameSize },
    );
  }
  return new SimdEngine(settings, wanted, instantiateWasm(kernels));
}

class SimdEngine implements FrameEngine {
  private readonly kernels: FrameKernels;
  private readonly frameSize: number;
  private readonly hopSize: number;
  /** Frames a batch. */
  private readonly batch: number;
  /** The batch, its first frame's preceding sample in front. */
  private readonly samples: Float32Array;
  /** [batch, width] of each wanted feature. */
  private readonly rows: readonly {
    readonly name: FrameFeature;
    readonly width: number;
    readonly values: Float32Array;
  }[];

  constructor(settings: FeatureSettings, wanted: readonly FrameFeature[], kernels: FrameKernels) {
    const { frameSize, hopSize } = settings;
    this.kernels = kernels;
    this.frameSize = frameSize;
    this.hopSize = hopSize;
    const fitting = 1 + Math.floor(Math.max(0, BATCH_SAMPLES - frameSize) / hopSize);
    this.batch = Math.min(BATCH_FRAMES, fitting);
    const arena = new WasmArena(kernels, kernels.freeFrom());
    const length = 1 + (this.batch - 1) * hopSize + frameSize;
    const at = { samples: arena.reserve(length), ...layOut(settings, wanted, arena, this.batch) };
    const rowsAt = new Map(
      wanted.map((name) => [name, arena.reserve(this.batch * FRAME_FEATURES[name].width(settings))]),
    );
    for (const [name, value] of Object.entries(at)) this.global(name).value = value;
    for (const [name, address] of rowsAt)
      this.global(`out${name[0]!.toUpperCase()}${name.slice(1)}`).value = address;
    const { buffer } = kernels.memory; // memory grows no more: views hold
    this.samples = new Float32Array(buffer, at.samples, length);
    this.rows = wanted.map((name) => {
      const width = FRAME_FEATURES[name].width(settings);
      return { name, width, values: new Float32Array(buffer, rowsAt.get(name), this.batch * width) };
    });
  }

  reset(): void {
    this.kernels.reset();
  }

  analyse(samples: Float32Array, start: number, count: number, out: Partial<FrameArrays>, row: number): void {
    for (let done = 0; done < count; done += this.batch) {
      const frames = Math.min(this.batch, count - done);
      this.loadSamples(
        samples,
        start + done * this.hopSize - 1,
        1 + (frames - 1) * this.hopSize + this.frameSize,
      );
      for (const { values, width } of this.rows) values.fill(0, 0, frames * width);
      this.kernels.analyse(frames);
      for (const { name, values, width } of this.rows)
        out[name]?.set(values.subarray(0, frames * width), (row + done) * width);
    }
  }

  /** Places `from` … of the signal, zeros outside it; signs are compared only inside. */
  private loadSamples(signal: Float32Array, from: number, length: number): void {
    const first = Math.min(length, Math.max(0, -from));
    const end = Math.max(first, Math.min(length, signal.length - from));
    this.samples.fill(0, 0, first);
    this.samples.set(signal.subarray(from + first, from + end), first);
    this.samples.fill(0, end, length);
    this.global('firstSample').value = first - 1;
    this.global('endSample').value = end - 1;
  }

  private global(name: string): { value: number } {
    return (this.kernels as unknown as Globals)[name]!;
  }
}

/** Sizes, tables and scratch by the names of assembly/features/_plan.ts. */
function layOut(settings: FeatureSettings, wanted: readonly FrameFeature[], arena: WasmArena, batch: number) {
  const { frameSize, hopSize, sampleRate, melBands, mfccs } = settings;
  const wants = (...names: FrameFeature[]): boolean => names.some((name) => wanted.includes(name));
  const half = frameSize / 2;
  const halfWindow = Array.from(
    { length: frameSize },
    (_, n) => 0.25 - 0.25 * Math.cos((2 * Math.PI * n) / frameSize),
  );
  const { twiddles, turns } = twiddleTables(frameSize);
  const mel = packBank(wants('mel', 'logMel', 'mfcc') ? createMelBank(melBankOptions(settings)) : undefined);
  const chroma = packChroma(
    wants('chroma')
      ? createChromaMap(frameSize, sampleRate, CHROMA_LOW, CHROMA_HIGH, settings.tuning)
      : undefined,
  );
  const contrasts = wants('contrast') ? contrastRanges(frameSize, sampleRate) : [];
  const blockSize = blockSizeOf(settings);
  const blocks = batch + frameSize / blockSize;
  return {
    frameSize,
    hopSize,
    wanted: FRAME_FEATURE_NAMES.reduce((bits, name, i) => bits | (wanted.includes(name) ? 1 << i : 0), 0),
    window: arena.floats(halfWindow),
    twiddles: arena.floats(twiddles),
    turns: arena.floats(turns),
    work: arena.reserve(4 * half),
    power: arena.reserve(half + 72),
    magnitude: arena.reserve(half + 72),
    previous: arena.reserve(half + 72),
    blockSums: arena.reserve(half / 16 + 4),
    melCount: mel.count,
    melRuns: arena.integers(mel.runs),
    melWeights: arena.floats(mel.weights),
    levels: arena.reserve(mel.count),
    melBands,
    dct: arena.floats(wants('mfcc') ? paddedDct(mfccs, melBands, mel.count) : []),
    mfccs,
    chromaCount: chroma.count,
    chromaRuns: arena.integers(chroma.runs),
    chromaWeights: arena.floats(chroma.weights),
    chromaClasses: arena.integers(chroma.classes),
    chromaSums: arena.reserve(chroma.count),
    laneSums: arena.reserve(4 * Math.max(mel.count, chroma.count)),
    contrastBands: contrasts.length,
    contrastRanges: arena.integers(contrasts.flatMap(({ first, end, count }) => [first, end, count])),
    extremes: arena.reserve(Math.max(1, ...contrasts.map(({ count }) => count))),
    rolloffShare: settings.rolloffShare,
    hertzPerBin: sampleRate / frameSize,
    minPower: MIN_POWER,
    blockSize,
    blockEnergy: arena.reserve(blocks),
    blockCrossings: arena.reserve(blocks),
  };
}

/** The DCT's rows, rounded up to whole fours, with zeros for the columns that pad the mel bank: [rows, columns]. */
function paddedDct(mfccs: number, melBands: number, columns: number): Float64Array {
  const rows = Math.ceil(mfccs / 4) * 4;
  const dct = createDct(rows, melBands);
  const padded = new Float64Array(rows * columns);
  for (let k = 0; k < rows; k++) padded.set(dct.subarray(k * melBands, (k + 1) * melBands), k * columns);
  return padded;
}
