import type { ComposeEvent, PianoRollData, TrackSummary } from '@/api/types.ts';
import { loadBanks } from '@/features/player/instrument-banks.ts';
import { LivePiece } from '@/features/player/live-piece.ts';
import type { BrowserPlayer } from '@/features/player/create-player.ts';
import { strings } from '@/strings/index.ts';

/** What is written so far of a piece in the air, wherever it is written. */
export interface Written {
  readonly roll: PianoRollData;
  readonly ready: number;
  /** Bars finished, of how many: for a guess at the length. */
  readonly bars: number;
  readonly allBars: number;
  readonly take: number;
}

/**
 * Plays a piece while it is written: from the first bar on, over to the stored track when it is done. What the
 * listener chose to hear meanwhile is not interrupted.
 */
export class Listening {
  private readonly piece = new LivePiece();
  private begun = false;
  private readonly browser: BrowserPlayer;
  private readonly id: string;
  private take = 0;

  constructor(browser: BrowserPlayer, id: string) {
    this.browser = browser;
    this.id = id;
    browser.admit(id, this.piece);
  }

  write({ roll, ready, bars, allBars, take }: Written): void {
    this.take = take;
    const expected = ready > 0 ? (ready / Math.max(1, bars)) * Math.max(bars, allBars) : roll.seconds;
    this.piece.write({ roll, ready, expected, take, complete: false });
    if (this.begun || ready <= 0) return;
    this.begun = true;
    void this.browser.player.playLive(liveTrack(this.id, expected));
  }

  /** All is written. `track`: the stored one; absent: it stays in the air. */
  complete(roll: PianoRollData, track: TrackSummary | null): void {
    const { player } = this.browser;
    this.piece.write({ roll, ready: roll.seconds, expected: roll.seconds, take: this.take, complete: true });
    if (!this.begun && !track) void player.playLive(liveTrack(this.id, roll.seconds));
    if (!track) return;
    const { track: current, status } = player.getState();
    if (!this.begun || (current?.id === this.id && status === 'error')) void player.play(track);
    else player.adopt(track);
  }

  /** From the beginning, for a piece that stays in the air. */
  replay(): void {
    this.browser.admit(this.id, this.piece);
    void this.browser.player.playLive(liveTrack(this.id, this.piece.get()?.expected ?? 0));
  }

  fail(reason: string): void {
    this.piece.fail(reason);
    this.browser.player.withdraw(this.id);
  }
}

/** Called in the press that asks for a piece to be heard: sound is allowed only there. */
export function prepareListening(browser: BrowserPlayer, instruments: readonly number[]): void {
  browser.player.unlock();
  browser.asked();
  void loadBanks(instruments).catch(() => undefined); // told when they are needed
}

/** What of an event can be heard. */
export function writtenOf(event: ComposeEvent, allBars: number): Written | null {
  const { preview, ready, bars, candidate } = event;
  if (!preview || ready === undefined || bars === undefined) return null;
  return { roll: preview, ready, bars, allBars, take: candidate ?? 1 };
}

function liveTrack(id: string, seconds: number): TrackSummary {
  return {
    id,
    title: strings.compose.inTheAir,
    kind: 'score',
    source: 'generated',
    style: null,
    seconds,
    tempo: null,
    key: null,
    instruments: [],
    mine: true,
    myRating: null,
    thumbnail: [],
    createdAt: '',
  };
}
