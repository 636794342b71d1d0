import { describe, expect, it } from 'vitest';
import type { Classification } from './classification.ts';
import { combineClassifications, fitCombination, type Combination } from './combine-classifications.ts';

function answer(model: string, probabilities: Record<string, number>, unsure?: Classification['unsure']): Classification {
  const list = Object.entries(probabilities).map(([label, probability]) => ({ label, probability })).sort((a, b) => b.probability - a.probability);
  return { label: unsure ? null : list[0]!.label, confidence: list[0]!.probability, probabilities: list, model, ...(unsure && { unsure }) };
}
const one: Combination = { standsFor: { a: ['a'], bc: ['b', 'c'] }, notes: 1, sound: 1, threshold: 0.5 };
const of = (c: Classification, label: string): number => c.probabilities.find((p) => p.label === label)!.probability;

describe('answers of notes and of sound', () => {
  it('multiply, and a broad label of the sound is shared as the notes say', () => {
    // Sound gives b and c together 0.6, of which the notes' 0.2 : 0.3 makes 0.24 : 0.36; so a : b : c = .5·.4 : .2·.24 : .3·.36.
    const both = combineClassifications(answer('n', { a: 0.5, b: 0.2, c: 0.3 }), answer('s', { a: 0.4, bc: 0.6 }), one);
    const total = 0.2 + 0.048 + 0.108;
    expect(of(both, 'a')).toBeCloseTo(0.2 / total, 3);
    expect(of(both, 'b')).toBeCloseTo(0.048 / total, 3);
    expect(of(both, 'c')).toBeCloseTo(0.108 / total, 3);
    expect(both).toMatchObject({ label: 'a', model: 'n + s' });
  });
  it('give labels that the sound does not know their chance', () => {
    const both = combineClassifications(answer('n', { a: 0.5, x: 0.5 }), answer('s', { a: 0.5, bc: 0.5 }), one);
    expect(of(both, 'a')).toBeCloseTo(0.5, 9);
  });
  it('leave the word to the one that knows the music', () => {
    const notes = answer('n', { a: 0.1, b: 0.8, c: 0.1 });
    const sound = answer('s', { a: 0.9, bc: 0.1 });
    expect(combineClassifications(notes, { ...sound, unsure: 'unfamiliar' }, one).label).toBe('b');
    expect(combineClassifications({ ...notes, unsure: 'unfamiliar' }, sound, one).label).toBe('a');
    expect(combineClassifications({ ...notes, unsure: 'unfamiliar' }, { ...sound, unsure: 'unfamiliar' }, one)).toMatchObject({ label: null, unsure: 'unfamiliar' });
  });
  it('are unsure below the threshold', () => {
    expect(combineClassifications(answer('n', { a: 0.5, b: 0.5 }), answer('s', { a: 0.5, bc: 0.5 }), { ...one, threshold: 0.9 })).toMatchObject({ label: null, unsure: 'low-confidence' });
  });
  it('with weight 1 and 0 are those of the notes', () => {
    const notes = answer('n', { a: 0.2, b: 0.7, c: 0.1 });
    const both = combineClassifications(notes, answer('s', { a: 0.9, bc: 0.1 }), { ...one, sound: 0 });
    for (const { label, probability } of notes.probabilities) expect(of(both, label)).toBeCloseTo(probability, 9);
  });
  it('refuse weights that are no weights', () => {
    const [notes, sound] = [answer('n', { a: 1 }), answer('s', { a: 1 })];
    expect(() => combineClassifications(notes, sound, { ...one, notes: NaN })).toThrow(/weight of an answer is NaN/);
    expect(() => combineClassifications(notes, sound, { ...one, sound: -1 })).toThrow(/at least 0/);
  });
});

describe('weights', () => {
  it('go to the side that is right', () => {
    const answers = ['a', 'b'].flatMap((truth) =>
      [0, 1, 2].map((i) => ({
        truth,
        notes: answer('n', { a: 0.5, b: 0.5 - 0.001 * i }),
        sound: answer('s', truth === 'a' ? { a: 0.9, b: 0.1 } : { a: 0.1, b: 0.9 }),
      })),
    );
    const fitted = fitCombination(answers, { a: ['a'], b: ['b'] }, 0.5);
    expect(fitted.sound).toBe(2);
  });
  it('need answers', () => {
    expect(() => fitCombination([], {}, 0.5)).toThrow(/there are none/);
  });
});
