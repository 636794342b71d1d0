import { describe, expect, it } from 'vitest';
import type { Classification } from './classification.ts';
import { evaluate, formatEvaluation } from './evaluation.ts';

function answer(label: 'a' | 'b', confidence: number, sure = true): Classification {
  const other = label === 'a' ? 'b' : 'a';
  const probabilities = [
    { label, probability: confidence },
    { label: other, probability: 1 - confidence },
  ];
  return {
    label: sure ? label : null,
    confidence,
    probabilities,
    model: 'm',
    ...(!sure && { unsure: 'low-confidence' as const }),
  };
}

describe('evaluate', () => {
  const judged = [
    { truth: 'a', answer: answer('a', 0.9) },
    { truth: 'a', answer: answer('a', 0.8) },
    { truth: 'a', answer: answer('b', 0.6, false) },
    { truth: 'b', answer: answer('a', 0.7) },
  ];
  const evaluation = evaluate(['a', 'b'], judged);

  it('counts unsure answers by their most probable label, and apart', () => {
    expect(evaluation).toMatchObject({
      items: 4,
      accuracy: 0.5,
      coverage: 0.75,
      balancedAccuracy: (2 / 3 + 0) / 2,
    });
    expect(evaluation.risk).toBeCloseTo(1 / 3, 12);
    expect(evaluation.logLoss).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.3)) / 4,
      9,
    );
  });
  it('puts the majority beside it', () => {
    expect(evaluation.majority.accuracy).toBe(0.75);
    expect(evaluation.majority.balancedAccuracy).toBe(0.5);
    expect(evaluation.majority.macroF1).toBeCloseTo(6 / 7 / 2, 12); // F1 of a: 2·3 / (3 + 4)
  });
  it('prints as a table', () => {
    expect(formatEvaluation(evaluation)).toContain('| accuracy | 0.500 | 0.750 |');
  });
});
