import { describe, expect, it } from 'vitest';
import type { SamplerView } from '@/api/types.ts';
import { chosenOf, emptyForm, sampleError, settingName, withLiked } from './sample-form.ts';

const morph: SamplerView = {
  name: 'vae',
  version: '1',
  summary: 'Morphs.',
  inputs: { fewest: 2, most: 3, kind: 'score' },
  settings: [
    { kind: 'number', name: 'share', summary: 'How far.', min: 0, max: 1, step: 0.1, default: 0.5 },
    { kind: 'choice', name: 'mode', summary: 'Which.', choices: ['morph', 'vary'], default: 'morph' },
  ],
};

describe('the form of another kind of model', () => {
  it('starts with defaults and a free place for each input', () => {
    expect(emptyForm(morph)).toEqual({
      sources: [null, null, null],
      settings: { share: 0.5, mode: 'morph' },
      count: 1,
    });
  });

  it('asks for as many tracks as the model needs', () => {
    const form = emptyForm(morph);
    expect(sampleError(morph, form)).toBe('Choose 2 tracks to start from.');
    expect(sampleError(morph, { ...form, sources: ['a', null, null] })).not.toBeNull();
    expect(sampleError(morph, { ...form, sources: ['a', null, 'b'] })).toBeNull();
  });

  it('takes what is liked best: two to morph, or every place beside what is chosen', () => {
    const form = emptyForm(morph);
    expect(chosenOf(withLiked(morph, form, ['b', 'a', 'c', 'd']))).toEqual(['b', 'a']);
    const begun = { ...form, sources: [null, 'b', null] };
    expect(chosenOf(withLiked(morph, begun, ['b', 'a', 'c', 'd']))).toEqual(['a', 'b', 'c']);
    expect(chosenOf(withLiked(morph, begun, ['a']))).toEqual(['a', 'b']);
    expect(chosenOf(withLiked(morph, begun, []))).toEqual(['b']);
    const one = { ...morph, inputs: { fewest: 0, most: 1, kind: 'score' } as const };
    expect(chosenOf(withLiked(one, emptyForm(one), ['a', 'b']))).toEqual(['a']);
  });

  it('names settings for people', () => {
    expect(['noiseSteps', 'swing', 'keep-share', 'top_p'].map(settingName)).toEqual([
      'Noise steps',
      'Swing',
      'Keep share',
      'Top p',
    ]);
  });
});
