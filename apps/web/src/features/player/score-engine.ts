import type { Sequencer, WorkletSynthesizer } from 'spessasynth_lib';
import type { TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { AudioClock } from './audio-clock.ts';
import type { Engine, EngineDebug } from './engine.ts';
import { loadScoreFiles } from './track-files.ts';

/** Copied from the package by scripts/copy-worklet.mjs. */
const WORKLET_URL = '/worklets/spessasynth_processor.min.js';
const BANK = 'song';

interface Machine {
  readonly synth: WorkletSynthesizer;
  readonly sequencer: Sequencer;
}

/**
 * Plays scores: spessasynth in an AudioWorklet, its code loaded when the first track is asked for. Behind it a
 * limiter, because a dense song can exceed full scale more than twice.
 */
export class ScoreEngine implements Engine {
  onEnded: (() => void) | null = null;
  private context: AudioContext | null = null;
  private volume: GainNode | null = null;
  private machine: Promise<Machine> | null = null;
  private running: Machine | null = null;
  private readonly clock = new AudioClock();
  private notes = 0;
  private bankLoaded = false;

  unlock(): void {
    this.context ??= new AudioContext({ latencyHint: 'playback' });
    if (this.context.state !== 'running') void this.context.resume();
  }

  async load(track: TrackSummary, signal: AbortSignal): Promise<{ seconds: number }> {
    this.unlock();
    const [{ synth, sequencer }, files] = await Promise.all([this.start(), loadScoreFiles(track.id)]);
    if (signal.aborted) return { seconds: track.seconds };
    if (this.bankLoaded) await synth.soundBankManager.deleteSoundBank(BANK);
    await synth.soundBankManager.addSoundBank(files.soundFont.slice(0), BANK);
    this.bankLoaded = true;
    if (signal.aborted) return { seconds: track.seconds };
    await loadSong(sequencer, files.midi.slice(0));
    this.clock.stand(synth.context);
    this.clock.set(0, synth.context);
    this.running = { synth, sequencer };
    return { seconds: track.seconds || sequencer.duration };
  }

  preload(track: TrackSummary): void {
    void loadScoreFiles(track.id).catch(() => undefined);
  }

  async play(): Promise<void> {
    await this.context?.resume();
    if (!this.running) return;
    this.running.sequencer.play();
    this.clock.run(this.running.synth.context);
  }

  pause(): void {
    if (!this.running) return;
    this.running.sequencer.pause();
    this.clock.stand(this.running.synth.context);
  }

  stop(): void {
    this.pause();
    this.running?.synth.stopAll(true);
    this.running = null;
  }

  seek(seconds: number): void {
    if (!this.running) return;
    this.running.sequencer.currentTime = seconds;
    this.clock.set(seconds, this.running.synth.context);
  }

  position(): number {
    return this.running ? this.clock.read(this.running.synth.context) : 0;
  }

  setVolume(volume: number): void {
    if (!this.context || !this.volume) return;
    // Loudness grows faster than amplitude: a square law makes the slider feel even. 20 ms avoid a click.
    this.volume.gain.setTargetAtTime(volume * volume, this.context.currentTime, 0.02);
  }

  setLoop(loop: boolean): void {
    if (this.running) this.running.sequencer.loopCount = loop ? -1 : 0;
  }

  debug(): EngineDebug {
    return { contextState: this.context?.state ?? 'none', scheduledNotes: this.notes };
  }

  private start(): Promise<Machine> {
    this.machine ??= this.build().catch((error: unknown) => {
      this.machine = null;
      throw error instanceof Error ? error : new Error(strings.player.errors.noSound);
    });
    return this.machine;
  }

  private async build(): Promise<Machine> {
    const context = this.context!;
    const [lib] = await Promise.all([import('spessasynth_lib'), context.audioWorklet.addModule(WORKLET_URL)]);
    const synth = new lib.WorkletSynthesizer(context, { eventsEnabled: true });
    this.volume = context.createGain();
    const limiter = new DynamicsCompressorNode(context, {
      threshold: -6,
      knee: 0,
      ratio: 20,
      attack: 0.002,
      release: 0.2,
    });
    synth.connect(limiter);
    limiter.connect(this.volume).connect(context.destination);
    await synth.isReady;
    synth.setSystemParameter('autoAllocateVoices', true);
    synth.eventHandler.addEvent('noteOn', 'count', () => {
      this.notes += 1;
    });
    const sequencer = new lib.Sequencer(synth, { skipToFirstNoteOn: false, initialPlaybackRate: 1 });
    sequencer.eventHandler.addEvent('songEnded', 'player', () => this.onEnded?.());
    // Looping jumps back without being asked.
    sequencer.eventHandler.addEvent('timeChange', 'player', (seconds) => this.clock.set(seconds, context));
    return { synth, sequencer };
  }
}

/** Hands a song to the sequencer and waits until it knows it; it stays paused at the start. */
function loadSong(sequencer: Sequencer, midi: ArrayBuffer): Promise<void> {
  sequencer.pause();
  return new Promise((resolve, reject) => {
    sequencer.eventHandler.addEvent('songChange', 'load', () => {
      sequencer.currentTime = 0;
      resolve();
    });
    sequencer.eventHandler.addEvent('midiError', 'load', (error) => reject(error));
    sequencer.loadNewSongList([{ binary: midi }]);
  });
}
