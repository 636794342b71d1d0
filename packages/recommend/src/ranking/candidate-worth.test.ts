import { describe, expect, it } from 'vitest';
import { candidateWorth } from './candidate-worth.ts';

describe('candidateWorth', () => {
  it('is worked out by hand', () => {
    const merits = { liking: 0.3, wellFormedness: 0.8, originality: 0.6, agreement: 0.9, form: 0.4 };
    expect(candidateWorth(merits)).toBeCloseTo(0.3 + 0.4 + 0.15 + 0.45 + 0.1, 12);
  });

  it('takes what cannot be said for the middle', () => {
    const known = { liking: 0, wellFormedness: 1, originality: 0.5, agreement: 0.5, form: 0.5 };
    expect(candidateWorth({ liking: 0, wellFormedness: 1, originality: null })).toBe(candidateWorth(known));
  });

  it('lets what is liked alike be decided by form and originality', () => {
    const alike = { liking: 0.5, wellFormedness: 0.9 };
    expect(candidateWorth({ ...alike, form: 0.8 })).toBeGreaterThan(candidateWorth({ ...alike, form: 0.2 }));
    expect(candidateWorth({ ...alike, originality: 1 })).toBeGreaterThan(
      candidateWorth({ ...alike, originality: 0 }),
    );
  });
});
