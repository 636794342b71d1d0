import { describe, expect, it } from 'vitest';
import { createFactorCache } from './factors.ts';
import type { RatingRepository } from './repositories/types.ts';

type Shared = Awaited<ReturnType<RatingRepository['listShared']>>;

/** `listeners` who rate the same six tracks: the even ones like the first three, the odd ones the others. */
function ratingsOf(listeners: number): Shared {
  return Array.from({ length: listeners }, (_, l) =>
    Array.from(
      { length: 6 },
      (_, t) => ({ listener: `l${l}`, trackId: `t${t}`, value: t < 3 === (l % 2 === 0) ? 5 : 1 }) as const,
    ),
  ).flat();
}

describe('what listeners have in common', () => {
  it('is fitted once for five minutes, and then again without anybody waiting', async () => {
    let [time, reads, listeners] = [0, 0, 10];
    let answer: (() => void) | undefined;
    const listShared = (): Promise<Shared> => {
      reads++;
      const all = ratingsOf(listeners);
      return reads === 1 ? Promise.resolve(all) : new Promise((resolve) => (answer = () => resolve(all)));
    };
    const cache = createFactorCache({ listShared }, () => new Date(time));
    expect((await cache.factors())?.listeners).toBe(10);
    [time, listeners] = [6 * 60_000, 12];
    expect((await cache.factors())?.listeners).toBe(10); // the second fit has not even been answered
    expect((await cache.factors())?.listeners).toBe(10);
    expect(reads).toBe(2);
    answer!();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await cache.factors())?.listeners).toBe(12);
  });

  it('forgets at once, also a fit that is under way', async () => {
    let listeners = 10;
    const answers: (() => void)[] = [];
    const listShared = (): Promise<Shared> => {
      const all = ratingsOf(listeners);
      return new Promise((resolve) => answers.push(() => resolve(all)));
    };
    let time = 0;
    const cache = createFactorCache({ listShared }, () => new Date(time));
    const first = cache.factors();
    answers[0]!();
    await first;
    time = 6 * 60_000;
    await cache.factors(); // begins another fit
    listeners = 9; // one was erased
    cache.forget();
    const after = cache.factors();
    answers[2]!();
    answers[1]!(); // with the erased one: comes late
    expect((await after)?.listeners).toBe(9);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await cache.factors())?.listeners).toBe(9);
  });

  it('is tried again after it failed, and is nothing for few listeners', async () => {
    let broken = true;
    const listShared = (): Promise<Shared> =>
      broken ? Promise.reject(new Error('away')) : Promise.resolve(ratingsOf(3));
    const cache = createFactorCache({ listShared }, () => new Date(0));
    await expect(cache.factors()).rejects.toThrow('away');
    broken = false;
    expect(await cache.factors()).toBeUndefined();
  });
});
