import { describe, expect, it } from 'vitest';
import type { RollNote, RollTrack } from '@/api/types.ts';
import type { LiveNotes } from './live-piece.ts';
import { LivePiece } from './live-piece.ts';
import { LiveSchedule } from './live-schedule.ts';

/** A note each half second on one pitch. */
function part(program: number, seconds: number, isDrum = false): RollTrack {
  const notes = Array.from({ length: seconds * 2 }, (_, i): RollNote => [i / 2, 0.5, 60 + program, 80]);
  return { name: '', program, isDrum, colour: 0, notes };
}

function written(tracks: readonly RollTrack[], ready: number, parts: Partial<LiveNotes> = {}): LiveNotes {
  const roll = { tracks, seconds: ready, bars: [0], key: null, meter: '4/4', tempo: 120 };
  return { roll, ready, expected: 8, complete: false, take: 1, ...parts };
}

describe('LiveSchedule', () => {
  it('gives each note once, and none beyond what is written', () => {
    const schedule = new LiveSchedule();
    expect(schedule.due(10)).toEqual([]);
    schedule.write(written([part(0, 2)], 2));
    expect(schedule.due(0.7).map(({ start }) => start)).toEqual([0, 0.5]);
    expect(schedule.due(0.9)).toEqual([]);
    expect(schedule.due(9).map(({ start }) => start)).toEqual([1, 1.5]);
    expect(schedule.barrier).toBe(2);
    schedule.write(written([part(0, 4)], 4));
    expect(schedule.due(9).map(({ start }) => start)).toEqual([2, 2.5, 3, 3.5]);
    schedule.write(written([part(0, 4)], 4, { complete: true }));
    expect([schedule.barrier, schedule.end, schedule.due(99)]).toEqual([undefined, 4, []]);
  });

  it('does not give what is not final yet: a note of the bar under way', () => {
    const schedule = new LiveSchedule();
    schedule.write(written([part(0, 4)], 2)); // the writer is ahead of the last finished bar
    expect(schedule.due(9).at(-1)?.start).toBe(1.5);
  });

  it('keeps the channel of a part when others join before it, and drums on theirs', () => {
    const schedule = new LiveSchedule();
    schedule.write(written([part(40, 1)], 1));
    const before = schedule.due(1)[0]!.channel;
    schedule.write(written([part(0, 2), part(40, 2), part(0, 2, true)], 2));
    const channels = schedule.parts().map(({ channel }) => channel);
    expect(channels[1]).toBe(before);
    expect(channels[2]).toBe(9);
    expect(new Set(channels).size).toBe(3);
  });

  it('never puts melodies on the channel of drums, however many parts there are', () => {
    const schedule = new LiveSchedule();
    schedule.write(
      written(
        Array.from({ length: 20 }, (_, i) => part(i, 1)),
        1,
      ),
    );
    const channels = schedule.parts().map(({ channel }) => channel);
    expect(channels.slice(0, 15)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]);
    expect(channels).not.toContain(9);
  });

  it('starts again with another try, and after a jump', () => {
    const schedule = new LiveSchedule();
    schedule.write(written([part(0, 2)], 2));
    schedule.due(2);
    schedule.jump(1);
    expect(schedule.due(2).map(({ start }) => start)).toEqual([1, 1.5]);
    expect(schedule.write(written([part(7, 1)], 1, { take: 2 }))).toBe(true);
    expect(schedule.due(2).map(({ start, pitch }) => [start, pitch])).toEqual([
      [0, 67],
      [0.5, 67],
    ]);
  });
});

describe('LivePiece', () => {
  it('begins when something can be played', async () => {
    const piece = new LivePiece();
    let begun = false;
    const waiting = piece.begun(new AbortController().signal).then(() => (begun = true));
    piece.write(written([], 0));
    await Promise.resolve();
    expect(begun).toBe(false);
    piece.write(written([part(0, 1)], 1));
    await waiting;
  });

  it('says why it never will be, and does not fail once it is complete', async () => {
    const broken = new LivePiece();
    broken.fail('Gone.');
    await expect(broken.begun(new AbortController().signal)).rejects.toThrow('Gone.');
    const whole = new LivePiece();
    whole.write(written([part(0, 1)], 1, { complete: true }));
    whole.fail('Gone.');
    expect(whole.failure()).toBeNull();
  });

  it('is waited for no longer when nobody listens', async () => {
    const controller = new AbortController();
    const waiting = new LivePiece().begun(controller.signal);
    controller.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
