import { beforeAll, describe, expect, it } from 'vitest';
import { largestDifference, toleranceOf } from './browser/compare.ts';
import { PLACES, runInChromium, whyNoChromium, type BrowserOutcomes } from './browser/run-in-chromium.ts';
import { runWorks, WORKS, type Outcome } from './browser/works.ts';

const reason = whyNoChromium();
if (reason) console.warn(`The comparison with a browser is skipped: ${reason}.`);

describe.skipIf(reason)('a browser comes to what Node comes to', () => {
  let here: ReadonlyMap<string, Outcome>;
  let there: BrowserOutcomes['outcomes'];
  beforeAll(async () => {
    here = await runWorks();
    there = (await runInChromium()).outcomes;
  }, 180_000);

  describe.each(PLACES)('in a %s', (place) => {
    it.each(Object.keys(WORKS))('%s', (name) => {
      const ours = here.get(name)!;
      expect(ours.length).toBeGreaterThan(0);
      expect(largestDifference(ours, there[place].get(name)!)).toBeLessThanOrEqual(toleranceOf(ours));
    });
  });
});

describe('the comparison', () => {
  it.each([
    ['another byte', Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    ['another length', Int32Array.of(1, 2), Int32Array.of(1)],
    ['another kind', Int32Array.of(1), Float32Array.of(1)],
    ['a number that is none', Float32Array.of(1), Float32Array.of(NaN)],
    ['more than the last places', Float64Array.of(0, 1), Float64Array.of(0, 1 + 1e-11)],
  ])('tells %s', (_, ours, theirs) => {
    expect(largestDifference(ours, theirs)).toBeGreaterThan(toleranceOf(ours));
  });
});
