import { beforeEach, describe, expect, it } from 'vitest';
import type { TrackSummary } from '@/api/types.ts';
import type { Engine } from './engine.ts';
import { Player, type Listened } from './player.ts';

function track(id: string, seconds = 60): TrackSummary {
  return {
    id,
    title: id,
    kind: 'score',
    source: 'catalogue',
    style: null,
    seconds,
    tempo: null,
    key: null,
    instruments: [],
    mine: false,
    myRating: null,
    thumbnail: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

/** Records what it is told; its position is set by the test. */
class FakeEngine implements Engine {
  onEnded: (() => void) | null = null;
  calls: string[] = [];
  at = 0;
  fail = false;
  loads: (() => void)[] = [];
  slow = false;
  unlock(): void {
    this.calls.push('unlock');
  }
  async load(item: TrackSummary): Promise<{ seconds: number }> {
    this.calls.push(`load ${item.id}`);
    if (this.fail) throw new Error('gone');
    if (this.slow) await new Promise<void>((resolve) => this.loads.push(resolve));
    this.at = 0;
    return { seconds: item.seconds };
  }
  preload(item: TrackSummary): void {
    this.calls.push(`preload ${item.id}`);
  }
  play(): Promise<void> {
    this.calls.push('play');
    return Promise.resolve();
  }
  pause(): void {
    this.calls.push('pause');
  }
  stop(): void {
    this.calls.push('stop');
  }
  seek(seconds: number): void {
    this.at = seconds;
  }
  position(): number {
    return this.at;
  }
  setVolume(): void {}
  setLoop(): void {}
  debug() {
    return { contextState: 'running', scheduledNotes: 0 };
  }
}

const [a, b, c] = [track('a'), track('b'), track('c')];
let engine: FakeEngine;
let clock: number;
let heard: Listened[];
let player: Player;

beforeEach(() => {
  engine = new FakeEngine();
  clock = 0;
  heard = [];
  player = new Player({ engineFor: () => engine, now: () => clock });
  player.onListened((listened) => heard.push(listened));
});

describe('Player', () => {
  it('unlocks inside the gesture, before anything is awaited', () => {
    void player.play(a);
    expect(engine.calls).toEqual(['unlock', 'load a']);
    expect(player.getState().status).toBe('loading');
  });

  it('plays, fetches what comes next, and walks along the queue', async () => {
    await player.play(a, [a, b, c]);
    expect(player.getState()).toMatchObject({ status: 'playing', seconds: 60 });
    expect(engine.calls).toContain('preload b');
    await player.next();
    await player.next();
    expect(player.getState().track?.id).toBe('c');
    expect(player.hasNext()).toBe(false);
    await player.next();
    expect(player.getState().track?.id).toBe('c');
  });

  it('previous means the start once a track has gone on, and the track before otherwise', async () => {
    await player.play(b, [a, b]);
    engine.at = 10;
    await player.previous();
    expect([player.getState().track?.id, engine.at]).toEqual(['b', 0]);
    await player.previous();
    expect(player.getState().track?.id).toBe('a');
  });

  it('toggles between playing and paused without loading again', async () => {
    await player.play(a);
    await player.toggle();
    expect(player.getState().status).toBe('paused');
    await player.toggle();
    expect(player.getState().status).toBe('playing');
    expect(engine.calls.filter((call) => call === 'load a')).toHaveLength(1);
  });

  it('keeps seeking inside the track', async () => {
    await player.play(a);
    player.seek(-5);
    expect(engine.at).toBe(0);
    player.seekBy(1000);
    expect(engine.at).toBeCloseTo(59.95);
  });

  it('goes on by itself at the end and rests at the end of the queue', async () => {
    await player.play(a, [a, b]);
    engine.onEnded?.();
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(player.getState()).toMatchObject({ status: 'playing', track: { id: 'b' } });
    engine.onEnded?.();
    expect(player.getState().status).toBe('ended');
    expect(player.position()).toBe(60);
  });

  it('lets the later of two presses win, however slowly the first loads', async () => {
    engine.slow = true;
    const first = player.play(a, [a, b]);
    const second = player.play(b, [a, b]);
    engine.loads[1]!();
    await second;
    engine.loads[0]!();
    await first;
    expect(player.getState()).toMatchObject({ status: 'playing', track: { id: 'b' } });
    expect(engine.calls.filter((call) => call === 'play')).toHaveLength(1);
  });

  it('says why a track cannot be played, and tries again when asked', async () => {
    engine.fail = true;
    await player.play(a);
    expect(player.getState()).toMatchObject({ status: 'error', error: 'gone' });
    engine.fail = false;
    await player.toggle();
    expect(player.getState()).toMatchObject({ status: 'playing', error: null });
  });

  it('counts only the time that was heard, and tells it when the track is left', async () => {
    await player.play(a, [a, b]);
    clock = 4000;
    player.pause();
    clock = 60_000;
    await player.toggle();
    clock = 61_500;
    await player.next();
    expect(heard).toEqual([{ trackId: 'a', seconds: 5.5, completed: false }]);
    clock = 62_500;
    engine.onEnded?.();
    expect(heard[1]).toEqual({ trackId: 'b', seconds: 1, completed: true });
  });
});

describe('a piece in the air', () => {
  it('plays before it is stored, then becomes a track like any other without a break', async () => {
    const liveOf: boolean[] = [];
    player = new Player({
      engineFor: (_track, live = false) => {
        liveOf.push(live);
        return engine;
      },
      now: () => clock,
    });
    player.onListened((listened) => heard.push(listened));
    await player.playLive(track('job', 8));
    expect(player.getState()).toMatchObject({ live: true, status: 'playing' });
    engine.at = 3;
    const calls = engine.calls.length;
    player.adopt({ ...track('job', 9), title: 'Pale Song' });
    expect(player.getState()).toMatchObject({
      live: false,
      status: 'playing',
      track: { title: 'Pale Song' },
    });
    expect([player.position(), engine.calls.length]).toEqual([3, calls]); // nothing was started or stopped
    clock = 4000;
    await player.play(b);
    expect(heard).toEqual([{ trackId: 'job', seconds: 4, completed: false }]);
    expect(liveOf).toEqual([true, false]);
  });

  it('tells nobody that it was heard while it has no place in the library', async () => {
    await player.playLive(track('job'));
    clock = 4000;
    await player.play(b);
    expect(heard).toEqual([]);
  });

  it('learns its length and whether it waits from what sounds it', async () => {
    await player.playLive(track('job', 8));
    (engine as Engine).onChange?.({ waiting: true, seconds: 12 });
    expect(player.getState()).toMatchObject({ waiting: true, seconds: 12 });
    (engine as Engine).onChange?.({ waiting: false });
    expect(player.getState()).toMatchObject({ waiting: false, seconds: 12 });
    await player.play(b);
    expect((engine as Engine).onChange).not.toBeNull();
    expect(player.getState()).toMatchObject({ waiting: false, live: false });
  });

  it('falls silent when it will not be finished, and only then', async () => {
    await player.playLive(track('job'));
    player.withdraw('another');
    expect(player.getState().track?.id).toBe('job');
    player.withdraw('job');
    expect(player.getState()).toMatchObject({ track: null, status: 'idle' });
    await player.play(a);
    player.withdraw('a'); // a stored track is nobody's to withdraw
    expect(player.getState().track?.id).toBe('a');
  });

  it('does not take over a track that the listener chose meanwhile', async () => {
    await player.playLive(track('job'));
    await player.play(b);
    player.adopt(track('job'));
    expect(player.getState().track?.id).toBe('b');
  });

  it('is played again from the air where it was never stored', async () => {
    const liveOf: boolean[] = [];
    player = new Player({
      engineFor: (_track, live = false) => {
        liveOf.push(live);
        return engine;
      },
      now: () => clock,
    });
    await player.playLive(track('device-1'));
    engine.onEnded?.();
    expect(player.getState().status).toBe('ended');
    await player.toggle();
    expect(liveOf).toEqual([true, true]);
  });
});
