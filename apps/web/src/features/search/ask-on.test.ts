import { describe, expect, it } from 'vitest';
import type { LikeSearch } from '@/api/search.ts';
import { askOn } from './ask-on.ts';

const answer = (searched: number, total: number): LikeSearch => ({
  found: [],
  searched,
  total,
  isMore: searched < total,
  notes: 5,
});

describe('askOn', () => {
  it('goes on past answers that found something, and tells each', async () => {
    const heard: number[] = [];
    let searched = 0;
    await askOn({
      ask: () => Promise.resolve(answer((searched += 4_000), 12_000)),
      onAnswer: (said) => heard.push(said.searched),
      signal: new AbortController().signal,
      pauseMs: 0,
    });
    expect(heard).toEqual([4_000, 8_000, 12_000]);
  });

  it('ends where nothing more can be looked into, whatever the numbers say', async () => {
    let asked = 0;
    await askOn({
      ask: () => Promise.resolve({ ...answer(5_000, 8_000), isMore: ++asked < 2 }),
      onAnswer: () => undefined,
      signal: new AbortController().signal,
      pauseMs: 0,
    });
    expect(asked).toBe(2);
  });

  it('stops when told to, and drops the answer that comes too late', async () => {
    const controller = new AbortController();
    const heard: LikeSearch[] = [];
    await askOn({
      ask: () => {
        if (heard.length === 2) controller.abort();
        return Promise.resolve(answer(1, 9));
      },
      onAnswer: (said) => heard.push(said),
      signal: controller.signal,
      pauseMs: 0,
    });
    expect(heard).toHaveLength(2);
  });
});
