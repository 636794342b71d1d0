import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { evaluate, type Judged } from '../evaluation.ts';
import { findLeaks } from '../leaks/find-leaks.ts';
import { bootstrapEvaluation } from './grouped-bootstrap.ts';
import { renderReport } from './html-report.ts';
import { calibrationBins } from './plots.ts';

describe('bootstrap over groups', () => {
  it('is as wide as the binomial says where items stand alone: ±1.96 √(p (1 − p) / n)', () => {
    const truth = Array.from({ length: 100 }, () => 0);
    const answers = truth.map((_, i) => (i < 80 ? 0 : 1));
    const { accuracy } = bootstrapEvaluation(
      { truth, answers, groups: truth.map((_, i) => String(i)) },
      2,
      createRng(1),
      2000,
    );
    expect(accuracy.low).toBeCloseTo(0.8 - 1.96 * 0.04, 1.5);
    expect(accuracy.high).toBeCloseTo(0.8 + 1.96 * 0.04, 1.5);
  });
  it('is √10 times as wide where ten items share a group', () => {
    const truth = Array.from({ length: 200 }, () => 0);
    const answers = truth.map((_, i) => (Math.floor(i / 10) % 2 === 0 ? 0 : 1)); // 20 groups, all right or all wrong
    const width = (groups: string[]): number => {
      const { accuracy } = bootstrapEvaluation({ truth, answers, groups }, 2, createRng(1), 2000);
      return accuracy.high - accuracy.low;
    };
    const ratio =
      width(truth.map((_, i) => String(Math.floor(i / 10)))) / width(truth.map((_, i) => String(i)));
    expect(ratio).toBeGreaterThan(0.85 * Math.sqrt(10));
    expect(ratio).toBeLessThan(1.15 * Math.sqrt(10));
  });
  it('says 0 of nothing', () => {
    expect(bootstrapEvaluation({ truth: [], answers: [], groups: [] }, 1, createRng(1)).accuracy).toEqual({
      low: 0,
      high: 0,
    });
  });
});

describe('bins of a calibration curve', () => {
  it('hold mean confidence and share right; the empty ones are left out', () => {
    expect(calibrationBins([0.95, 0.85, 0.1, 1], [true, false, false, true], 2)).toEqual([
      { confidence: 0.1, accuracy: 0, count: 1 },
      { confidence: (0.95 + 0.85 + 1) / 3, accuracy: 2 / 3, count: 3 },
    ]);
  });
});

describe('the page', () => {
  const judged: Judged[] = ['a<b', 'a<b', 'c', 'c'].map((truth, i) => ({
    truth,
    answer: {
      label: 'c',
      confidence: 0.8,
      probabilities:
        i === 1
          ? [
              { label: 'a<b', probability: 0.8 },
              { label: 'c', probability: 0.2 },
            ]
          : [
              { label: 'c', probability: 0.8 },
              { label: 'a<b', probability: 0.2 },
            ],
      model: 'm',
    },
  }));
  const evaluation = evaluate(['a<b', 'c'], judged);
  const page = renderReport({
    title: 'One & two',
    description: 'd',
    sections: [
      {
        name: 'S',
        evaluation,
        judged,
        temperature: 2,
        rejection: { strangers: 4, refused: 0.5, areaUnderRoc: 0.75 },
        robustness: { MP3: evaluation },
      },
    ],
    leaks: findLeaks([
      { id: 'x.mid', label: 'a', digest: '1' },
      { id: 'y.mid', label: 'b', digest: '1' },
    ]),
    skipped: [{ file: '<script>.mid', reason: 'broken' }],
    seed: 1,
  });
  it('escapes what it is given and needs no script and no other file', () => {
    expect(page).toContain('One &amp; two');
    expect(page).toContain('a&lt;b');
    expect(page).not.toMatch(/<script|src=|href=|url\(/);
  });
  it('gives the figures: accuracy ¾, ECE after and, undone, before', () => {
    expect(page).toMatch(/accuracy<\/th><td>0\.750/);
    // after: |0.75 − 0.8|; before: 0.8² / (0.8² + 0.2²) = 0.941, |0.75 − 0.941|
    expect(page).toContain('Expected calibration error 0.050 with temperature 2.00, 0.191 without');
  });
  it('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [, slash, name, rest] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
      if (rest!.endsWith('/') || name === 'meta') continue;
      if (slash === '/') expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });
  it('names duplicates with different labels, and what was left out', () => {
    expect(page).toContain('x.mid and y.mid: same bytes, 1.00, with different labels');
    expect(page).toContain('&lt;script&gt;.mid</b>: broken');
  });
});
