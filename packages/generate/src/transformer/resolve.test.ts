import { createRng } from '@attune/core';
import { readCheckpoint } from '@attune/core/nn';
import { DRUMS, type Conditioning } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import { parseTransformerConfig } from './config.ts';
import { resolveConditioning } from './resolve.ts';
import { createTinyCheckpoint } from './test-checkpoint.ts';

const config = parseTransformerConfig(readCheckpoint(createTinyCheckpoint(1)).config);
const resolveMany = (wish: Conditioning): ReturnType<typeof resolveConditioning>[] =>
  Array.from({ length: 400 }, (_, seed) => resolveConditioning(config, wish, createRng(seed)));

describe('resolveConditioning', () => {
  it('keeps what is wished', () => {
    const wish = {
      style: 'folk',
      tonic: 3,
      mode: 'minor',
      tempo: 77,
      meter: { numerator: 5, denominator: 4 },
      instruments: [42, 0],
      density: 3,
      energy: 0.2,
    } as const;
    expect(resolveConditioning(config, wish, createRng(1))).toEqual({ ...wish, instruments: [0, 42] });
  });

  it('draws the rest within what the style is like', () => {
    const drawn = resolveMany({ style: 'folk' });
    // 7 in 10 pieces of the prior are in 4/4: 280 of 400 with a deviation of 9.2; 9 of 13 keys are major.
    expect(Math.abs(drawn.filter(({ meter }) => meter.numerator === 4).length - 280)).toBeLessThan(6 * 9.2);
    expect(drawn.every(({ tempo }) => tempo >= 60 && tempo <= 150)).toBe(true);
    const majors = drawn.filter(({ mode }) => mode === 'major');
    expect(Math.abs(majors.length - 400 * (9 / 13))).toBeLessThan(6 * 9.3);
    expect(new Set(majors.map(({ tonic }) => tonic))).toEqual(new Set([0, 2, 5, 7]));
    expect(new Set(drawn.map(({ instruments }) => instruments.join()))).toEqual(new Set(['0', '40,42']));
  });

  it('draws bands and styles that play within a wished range', () => {
    // A violin does not play below 55, so of the two bands of folk only the piano is left.
    const low = resolveMany({ range: [30, 60] });
    expect(new Set(low.map(({ style }) => style))).toEqual(new Set(['folk']));
    expect(new Set(low.map(({ instruments }) => instruments.join()))).toEqual(new Set(['0']));
    expect(low[0]!.range).toEqual([30, 60]);
  });

  it('gives drums alone no key', () => {
    const drums = resolveConditioning(config, { style: 'drums-rock' }, createRng(1));
    expect(drums.instruments).toEqual([DRUMS]);
    expect([drums.tonic, drums.mode]).toEqual([undefined, undefined]);
  });

  it('draws a style that has the wished instruments', () => {
    const styles = resolveMany({ instruments: [DRUMS] }).map(({ style }) => style);
    expect(styles.filter((style) => style === 'drums-rock').length).toBeGreaterThan(370); // 1 : 0.02
  });

  it('lets moods pull on mode and tempo', () => {
    const [bright, dark] = [
      resolveMany({ style: 'folk', valence: 0.95 }),
      resolveMany({ style: 'folk', valence: 0.05 }),
    ];
    const majors = (all: typeof bright): number => all.filter(({ mode }) => mode === 'major').length;
    expect(majors(bright)).toBeGreaterThan(380);
    expect(majors(dark)).toBeLessThan(60);
    const meanTempo = (all: typeof bright): number =>
      all.reduce((sum, { tempo }) => sum + tempo, 0) / all.length;
    expect(meanTempo(bright) - meanTempo(dark)).toBeGreaterThan(30);
  });
});
