import type { Hertz } from '../foundation/units.ts';
import { applyFilterBank, createChromaMap, createMelBank } from './filter-banks.ts';

/** What the display of playing sound needs of one frame. */
export interface LiveFrame {
  /** Of the frame without window, linear. */
  readonly rms: number;
  /** Hz; 0 in silence. */
  readonly centroid: Hertz;
  /** 0 … 1; 1 in silence, as in `AudioFeatures`. */
  readonly flatness: number;
  /** [12], C first, largest 1; all 0 in silence. */
  readonly chroma: Float64Array;
  /** [bands], dB over 10⁻¹⁰: Slaney mel bands of the power spectrum. */
  readonly bands: Float64Array;
}

/** A running analysis. */
export interface LiveFeatures {
  /** Ends the callbacks and takes the analyser out of the audio graph. */
  stop(): void;
}

/** The parts of the Web Audio API that are used, so that this module needs no browser types. */
export interface LiveAudioContext {
  readonly sampleRate: Hertz;
}
/** A node of the audio graph that can be listened to. */
export interface LiveAudioNode {
  disconnect(destination?: unknown): void;
}

const FRAME = 2048;
const BANDS = 48;
const MIN_POWER = 1e-10;
/** Root mean square of the Hann window that meyda applies before it measures RMS: √(3/8). */
const WINDOW_RMS = Math.sqrt(3 / 8);

/**
 * Features of what a Web Audio node plays, frame by frame (2,048 samples, no overlap), for display. Meyda 5.6
 * does the listening and the transform. Only its amplitude spectrum, RMS, centroid and flatness are used, with its
 * units put right (RMS is of the windowed signal, the centroid in bins, silence NaN); mel and chroma are ours,
 * because its filter banks are cached across sample rates. Meyda is loaded when this is called.
 */
export async function createLiveFeatures(
  audioContext: LiveAudioContext,
  source: LiveAudioNode,
  onFrame: (frame: LiveFrame) => void,
): Promise<LiveFeatures> {
  const meyda = await loadMeyda();
  const convert = createConverter(audioContext.sampleRate);
  const analyzer = meyda.createMeydaAnalyzer({
    audioContext,
    source,
    bufferSize: FRAME,
    featureExtractors: ['amplitudeSpectrum', 'rms', 'spectralCentroid', 'spectralFlatness'],
    callback: (features) => {
      onFrame(convert(features));
    },
  });
  analyzer.start();
  return {
    stop: () => {
      analyzer.stop();
      source.disconnect(analyzer._m.spn); // meyda leaves its node connected
      analyzer._m.spn.disconnect();
    },
  };
}

/** Meyda's features of one frame, in its own units. */
interface MeydaFeatures {
  /** [N / 2]: |X| without the Nyquist bin. */
  readonly amplitudeSpectrum: Float32Array;
  readonly rms: number;
  readonly spectralCentroid: number;
  readonly spectralFlatness: number;
}

function createConverter(sampleRate: Hertz): (features: MeydaFeatures) => LiveFrame {
  const high = Math.min(16_000, sampleRate / 2);
  const mel = createMelBank({ bands: BANDS, frameSize: FRAME, sampleRate, low: 40, high });
  const map = createChromaMap(FRAME, sampleRate, 110, 5000, 440);
  const power = new Float64Array(FRAME / 2 + 1);
  return ({ amplitudeSpectrum, rms, spectralCentroid, spectralFlatness }) => {
    amplitudeSpectrum.forEach((magnitude, bin) => (power[bin] = magnitude * magnitude));
    const bands = new Float64Array(BANDS);
    applyFilterBank(mel, power, bands);
    const chroma = new Float64Array(12);
    for (let bin = map.first; bin < map.end; bin++) {
      const upper = power[bin]! * map.shares[bin]!;
      chroma[map.classes[bin]!]! += power[bin]! - upper;
      chroma[(map.classes[bin]! + 1) % 12]! += upper;
    }
    const largest = Math.max(...chroma);
    return {
      rms: finiteOr(rms / WINDOW_RMS, 0),
      centroid: finiteOr((spectralCentroid * sampleRate) / FRAME, 0),
      flatness: finiteOr(spectralFlatness, 1),
      chroma: largest > MIN_POWER ? chroma.map((value) => value / largest) : new Float64Array(12),
      bands: bands.map((value) => 10 * Math.log10(Math.max(MIN_POWER, value))),
    };
  };
}

function finiteOr(value: number, fallback: number): number {
  return Number.isFinite(value) ? value : fallback;
}

interface MeydaModule {
  createMeydaAnalyzer(options: {
    audioContext: LiveAudioContext;
    source: LiveAudioNode;
    bufferSize: number;
    featureExtractors: readonly string[];
    callback: (features: MeydaFeatures) => void;
  }): { start(): void; stop(): void; readonly _m: { readonly spn: { disconnect(): void } } };
}

/** Meyda is CommonJS or UMD; how deep its exports lie depends on who loads it. */
async function loadMeyda(): Promise<MeydaModule> {
  let module = (await import('meyda')) as unknown as { default?: unknown };
  while (!('createMeydaAnalyzer' in module) && module.default !== undefined)
    module = module.default as { default?: unknown };
  return module as unknown as MeydaModule;
}
