import { describe, expect, it } from 'vitest';
import type { ComposeTask } from '../api/types.ts';
import { faultOf, faultOfGap } from './check-wish.ts';

const sourceTrackId = 'a';
const vary = (keep: number): ComposeTask => ({ kind: 'vary', sourceTrackId, keep, unit: 'bars' });
const infill = (first: number, last: number): ComposeTask => ({
  kind: 'infill',
  sourceTrackId,
  bars: [first, last],
});

describe('faultOf', () => {
  it.each([
    ['no bars at all', { bars: 0 }, 'A piece can have 4 to 64 bars, not 0.'],
    ['ten thousand bars', { bars: 10_000 }, 'A piece can have 4 to 64 bars, not 10000.'],
    ['half a bar', { bars: 8.5 }, 'A piece can have 4 to 64 bars, not 8.5.'],
    ['drums with a key', { conditioning: { instruments: [128], tonic: 0 } }, /^Drums alone have no key/],
    [
      'drums with a range',
      { conditioning: { instruments: [128], range: [48, 84] as const } },
      /^Drums alone have no range/,
    ],
    [
      'drums with a mode',
      { conditioning: { instruments: [128], mode: 'minor' as const } },
      /^Drums alone have no key/,
    ],
    ['a form that is none', { conditioning: { form: 'verse' } }, /letters from A to H/],
    [
      'more sections than bars',
      { bars: 4, conditioning: { form: 'ABABA' } },
      'A form of 5 sections needs at least 5 bars.',
    ],
    [
      'a form for given music',
      { task: vary(0.5), conditioning: { form: 'AB' } },
      /^The form is that of the piece/,
    ],
    ['keeping nothing', { task: vary(0) }, /share to keep/],
    ['keeping everything', { task: vary(1) }, /share to keep/],
    ['a gap from 0', { task: infill(0, 3) }, /whole numbers from 1/],
    ['a gap backwards', { task: infill(5, 3) }, /whole numbers from 1/],
    [
      'nobody to accompany',
      { task: { kind: 'accompany', sourceTrackId } as const },
      /^Choose the instruments/,
    ],
    [
      'nobody to play',
      { task: { kind: 'reorchestrate', sourceTrackId } as const },
      /^Choose the instruments/,
    ],
  ])('refuses %s', (_name, wish, words) => {
    expect(faultOf({ conditioning: {}, bars: 16, ...wish })).toMatch(words);
  });

  it.each([
    ['everything open', {}],
    ['drums without a key', { conditioning: { instruments: [128] } }],
    ['drums and bass in C', { conditioning: { instruments: [33, 128], tonic: 0, mode: 'major' as const } }],
    ['four sections of a bar', { bars: 4, conditioning: { form: 'AABA' } }],
    ['bars of no matter where the music has its own', { bars: 0, task: vary(0.5) }],
    ['one bar to fill', { task: infill(3, 3) }],
  ])('takes %s', (_name, wish) => {
    expect(faultOf({ conditioning: {}, bars: 16, ...wish })).toBeNull();
  });
});

describe('faultOfGap', () => {
  it('knows where the piece ends, and leaves something of it', () => {
    expect(faultOfGap([5, 8], 16)).toBeNull();
    expect(faultOfGap([16, 16], 16)).toBeNull();
    expect(faultOfGap([15, 17], 16)).toBe('Bars 15 to 17 cannot be filled: the piece has bars 1 to 16.');
    expect(faultOfGap([1, 16], 16)).toMatch(/has to stay/);
  });
});
