import type { Sequencer, WorkletSynthesizer } from 'spessasynth_lib';
import type { TrackSummary } from '@/api/types.ts';
import { AudioClock } from './audio-clock.ts';
import type { Engine, EngineDebug } from './engine.ts';
import type { SoundStage } from './sound-stage.ts';
import { loadScoreFiles } from './track-files.ts';

const BANK = 'song';

interface Machine {
  readonly synth: WorkletSynthesizer;
  readonly sequencer: Sequencer;
}

/** Plays scores: spessasynth in an AudioWorklet, made when the first track is asked for. */
export class ScoreEngine implements Engine {
  onEnded: (() => void) | null = null;
  private machine: Promise<Machine> | null = null;
  private running: Machine | null = null;
  private readonly clock = new AudioClock();
  private bankLoaded = false;
  private readonly stage: SoundStage;
  private readonly onNote: (() => void) | undefined;

  /** `onNote` is called when a note begins to sound. */
  constructor(stage: SoundStage, onNote?: () => void) {
    this.stage = stage;
    this.onNote = onNote;
  }

  unlock(): void {
    this.stage.unlock();
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
    await this.stage.context?.resume();
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
    this.stage.setVolume(volume);
  }

  setLoop(loop: boolean): void {
    if (this.running) this.running.sequencer.loopCount = loop ? -1 : 0;
  }

  debug(): EngineDebug {
    return { contextState: this.stage.context?.state ?? 'none', scheduledNotes: this.stage.notes };
  }

  private start(): Promise<Machine> {
    this.machine ??= this.build().catch((error: unknown) => {
      this.machine = null;
      throw error;
    });
    return this.machine;
  }

  private async build(): Promise<Machine> {
    const { library, synth, output } = await this.stage.createSynth(this.onNote);
    synth.connect(output);
    const sequencer = new library.Sequencer(synth, { skipToFirstNoteOn: false, initialPlaybackRate: 1 });
    sequencer.eventHandler.addEvent('songEnded', 'player', () => this.onEnded?.());
    // Looping jumps back without being asked.
    sequencer.eventHandler.addEvent('timeChange', 'player', (seconds) =>
      this.clock.set(seconds, synth.context),
    );
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
