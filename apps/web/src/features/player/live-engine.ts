import type { WorkletSynthesizer } from 'spessasynth_lib';
import type { TrackSummary } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import type { Engine, EngineChange, EngineDebug } from './engine.ts';
import { loadBanks, type Bank } from './instrument-banks.ts';
import type { LivePiece } from './live-piece.ts';
import { instrumentOf, LiveSchedule } from './live-schedule.ts';
import type { SoundStage } from './sound-stage.ts';

/** Notes are handed to the synthesiser this long before they sound. */
const LOOK_AHEAD = 0.3;
/** A hidden page is woken about once a second only. */
const LOOK_AHEAD_HIDDEN = 1.6;
const TICK_MS = 40;
/** Between the decision to sound and the first note, so that none comes late. */
const LEAD = 0.06;

interface LiveEngineParts {
  readonly stage: SoundStage;
  /** The piece in the air of a track. */
  readonly pieceOf: (trackId: string) => LivePiece | undefined;
  /** Called when the first note of a piece is heard. */
  readonly onFirstNote: () => void;
}

/**
 * Plays a piece while it is being written: finished bars are sounded as they come, and where the player has caught up
 * with the writer it waits. What the synthesiser was given cannot be taken back, so it has one of its own, which a
 * pause freezes and a stop cuts off.
 */
export class LiveEngine implements Engine {
  onEnded: (() => void) | null = null;
  onChange: ((change: EngineChange) => void) | null = null;
  private readonly parts: LiveEngineParts;
  private machine: Promise<WorkletSynthesizer> | null = null;
  private synth: WorkletSynthesizer | null = null;
  private gate: GainNode | null = null;
  private schedule = new LiveSchedule();
  private readonly banks = new Set<string>();
  private readonly programs = new Map<number, number>();
  private isOpen = false;
  private unsubscribe: (() => void) | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  /** Time of the synthesiser at which the piece began, or would have; null while the music stands. */
  private origin: number | null = null;
  private standing = 0;
  private wanted = false;
  private loop = false;
  private heard = false;
  /** Time of the synthesiser up to which notes were handed over. */
  private handed = 0;

  constructor(parts: LiveEngineParts) {
    this.parts = parts;
  }

  unlock(): void {
    this.parts.stage.unlock();
  }

  /** Makes the synthesiser, for music that will be there soon. */
  warm(): void {
    void this.start().catch(() => undefined); // told when it is needed
  }

  async load(track: TrackSummary, signal: AbortSignal): Promise<{ seconds: number }> {
    const piece = this.parts.pieceOf(track.id);
    if (!piece) throw new Error(strings.player.errors.notFound);
    const [synth] = await Promise.all([this.start(), piece.begun(signal)]);
    if (signal.aborted) return { seconds: track.seconds };
    this.synth = synth;
    this.schedule = new LiveSchedule();
    this.programs.clear();
    [this.origin, this.standing, this.heard] = [null, 0, false];
    await this.take(piece, signal, await loadBanks(instrumentsOf(piece)));
    if (signal.aborted) return { seconds: track.seconds };
    let working = Promise.resolve();
    const follow = (): void => {
      working = working
        // An instrument that joins later and cannot be fetched stays silent: the others play on.
        .then(async () => this.take(piece, signal, await loadBanks(instrumentsOf(piece)).catch(() => [])))
        .catch((error: unknown) => console.error(error));
    };
    this.unsubscribe = piece.subscribe(follow);
    follow(); // what was written meanwhile
    return { seconds: piece.get()!.expected };
  }

  preload(): void {
    // Nothing is there to be fetched before it is written.
  }

  async play(): Promise<void> {
    await this.parts.stage.context?.resume();
    this.wanted = true;
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  /** Time itself stands still: what was handed over goes on where it was. */
  pause(): void {
    this.wanted = false;
    this.stopTimer();
    void this.parts.stage.context?.suspend();
  }

  stop(): void {
    this.wanted = false;
    this.stopTimer();
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.cut();
    this.origin = null;
    this.standing = 0;
    // Another engine may be next, and a pause has stopped its clock as well.
    if (this.parts.stage.context?.state === 'suspended') void this.parts.stage.context.resume();
  }

  seek(seconds: number): void {
    const barrier = this.schedule.barrier;
    const target = Math.max(0, Math.min(seconds, barrier ?? seconds));
    this.cut();
    this.stand(target);
    this.schedule.jump(target);
  }

  position(): number {
    if (this.origin === null || !this.synth) return this.standing;
    const late = this.parts.stage.context?.outputLatency ?? 0;
    return Math.max(this.standing, this.now() - this.origin - late);
  }

  setVolume(volume: number): void {
    this.parts.stage.setVolume(volume);
  }

  setLoop(loop: boolean): void {
    this.loop = loop;
  }

  debug(): EngineDebug {
    const { context, notes } = this.parts.stage;
    return { contextState: context?.state ?? 'none', scheduledNotes: notes };
  }

  /** Hands over what is due, begins and waits: all of it by where the piece and its writer are. */
  private tick(): void {
    const { synth, schedule } = this;
    if (!synth || !this.wanted || this.parts.stage.context?.state !== 'running') return;
    if (this.origin === null) {
      if (schedule.barrier !== undefined && schedule.barrier <= this.standing) return; // nothing written ahead
      if (!this.isOpen && this.now() < this.handed) return; // notes from before a jump have to be through
      this.open();
      this.origin = this.now() + LEAD - this.standing;
      this.onChange?.({ waiting: false });
    }
    const at = this.now() - this.origin;
    const ahead = document.visibilityState === 'hidden' ? LOOK_AHEAD_HIDDEN : LOOK_AHEAD;
    this.handed = Math.max(this.handed, this.origin + at + ahead);
    for (const { channel, start, end, pitch, velocity } of schedule.due(at + ahead)) {
      synth.noteOn(channel, pitch, velocity, { time: this.origin + start });
      synth.noteOff(channel, pitch, { time: this.origin + end });
    }
    if (schedule.barrier !== undefined && at >= schedule.barrier) {
      this.stand(schedule.barrier);
      this.onChange?.({ waiting: true });
    } else if (schedule.end !== undefined && at >= schedule.end) {
      this.finish();
    }
  }

  private finish(): void {
    this.stand(0);
    this.schedule.jump(0);
    if (this.loop) return;
    this.wanted = false;
    this.stopTimer();
    this.onEnded?.();
  }

  /** Takes over what is written by now, once the sounds for it are there. */
  private async take(piece: LivePiece, signal: AbortSignal, banks: readonly Bank[]): Promise<void> {
    const notes = piece.get();
    if (!notes || !this.synth || signal.aborted) return;
    for (const bank of banks) await this.addBank(this.synth, bank);
    if (signal.aborted) return;
    if (this.schedule.write(notes)) {
      this.cut();
      this.stand(0);
    }
    for (const { track, channel } of this.schedule.parts()) {
      if (track.isDrum || this.programs.get(channel) === track.program) continue;
      this.programs.set(channel, track.program);
      this.synth.programChange(channel, track.program);
    }
    this.onChange?.({ seconds: notes.complete ? notes.roll.seconds : notes.expected });
    if (this.wanted) this.tick();
  }

  private async addBank(synth: WorkletSynthesizer, { name, bytes }: Bank): Promise<void> {
    if (this.banks.has(name)) return;
    this.banks.add(name);
    await synth.soundBankManager.addSoundBank(bytes.slice(0), name);
    this.programs.clear(); // chosen anew, now that there is something to choose from
  }

  private start(): Promise<WorkletSynthesizer> {
    const { stage, onFirstNote } = this.parts;
    this.machine ??= stage
      .createSynth(() => {
        if (this.heard || !this.isOpen) return;
        this.heard = true;
        onFirstNote();
      })
      .then(({ synth, output }) => {
        this.gate = stage.unlock().createGain();
        this.gate.gain.value = 0;
        synth.connect(this.gate);
        this.gate.connect(output);
        return synth;
      })
      .catch((error: unknown) => {
        this.machine = null;
        throw error;
      });
    return this.machine;
  }

  private open(): void {
    if (this.isOpen || !this.gate) return;
    this.synth?.stopAll(true);
    this.gate.gain.value = 1;
    this.isOpen = true;
  }

  /** Silence at once: notes that were handed over sound into a closed gate until they are through. */
  private cut(): void {
    this.synth?.stopAll(true);
    if (this.gate) this.gate.gain.value = 0;
    this.isOpen = false;
  }

  private stand(position: number): void {
    this.origin = null;
    this.standing = position;
  }

  private now(): number {
    return this.synth?.currentTime ?? 0;
  }

  private stopTimer(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

function instrumentsOf(piece: LivePiece): number[] {
  return [...new Set((piece.get()?.roll.tracks ?? []).map(instrumentOf))];
}
