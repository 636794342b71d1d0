import type { WorkletSynthesizer } from 'spessasynth_lib';
import { strings } from '@/strings/index.ts';

/** Copied from the package by scripts/copy-worklet.mjs. */
const WORKLET_URL = '/worklets/spessasynth_processor.min.js';

type Library = typeof import('spessasynth_lib');

/**
 * Where synthesisers play: one AudioContext, its volume, and behind them a limiter, because a dense song can exceed
 * full scale more than twice. The synthesiser's code is loaded when the first is made.
 */
export class SoundStage {
  private sound: AudioContext | null = null;
  private output: Promise<{ library: Library; input: AudioNode }> | null = null;
  private volume: GainNode | null = null;
  private begun = 0;

  /** Called inside the listener's gesture, so that the browser allows sound. */
  unlock(): AudioContext {
    this.sound ??= new AudioContext({ latencyHint: 'playback' });
    if (this.sound.state !== 'running') void this.sound.resume();
    return this.sound;
  }

  get context(): AudioContext | null {
    return this.sound;
  }

  /** Notes begun since the page was loaded. */
  get notes(): number {
    return this.begun;
  }

  setVolume(volume: number): void {
    if (!this.sound || !this.volume) return;
    // Loudness grows faster than amplitude: a square law makes the slider feel even. 20 ms avoid a click.
    this.volume.gain.setTargetAtTime(volume * volume, this.sound.currentTime, 0.02);
  }

  /** A synthesiser that is not connected yet, the way to its output, and the library for its sequencer. */
  async createSynth(
    onNote?: () => void,
  ): Promise<{ library: Library; synth: WorkletSynthesizer; output: AudioNode }> {
    const context = this.unlock();
    this.output ??= this.build(context).catch((error: unknown) => {
      this.output = null;
      throw error instanceof Error ? error : new Error(strings.player.errors.noSound);
    });
    const { library, input } = await this.output;
    const synth = new library.WorkletSynthesizer(context, { eventsEnabled: true });
    await synth.isReady;
    synth.setSystemParameter('autoAllocateVoices', true);
    synth.eventHandler.addEvent('noteOn', 'count', () => {
      this.begun += 1;
      onNote?.();
    });
    return { library, synth, output: input };
  }

  private async build(context: AudioContext): Promise<{ library: Library; input: AudioNode }> {
    const [library] = await Promise.all([
      import('spessasynth_lib'),
      context.audioWorklet.addModule(WORKLET_URL),
    ]);
    this.volume = context.createGain();
    const limiter = new DynamicsCompressorNode(context, {
      threshold: -6,
      knee: 0,
      ratio: 20,
      attack: 0.002,
      release: 0.2,
    });
    limiter.connect(this.volume).connect(context.destination);
    return { library, input: limiter };
  }
}
