import { describe, expect, it } from 'vitest';
import { lettersOfForm, lettersOfPhrases } from './plan-letters.ts';

describe('letters of a plan', () => {
  it('gives each phrase of a repeated section the letter that it had', () => {
    expect([...lettersOfForm('AABA', 8)]).toEqual([0, 1, 0, 1, 2, 3, 0, 1]);
    expect([...lettersOfForm('AB', 2)]).toEqual([0, 1]);
  });

  it('refuses forms that do not divide the phrases or are not letters', () => {
    for (const form of ['AABA', '', 'a', 'A B']) {
      expect(() => lettersOfForm(form, 6)).toThrow(
        expect.objectContaining({ code: 'argument/invalid' }) as Error,
      );
    }
  });

  it('hears a phrase that returns with one note of eight changed, and not one with half of them', () => {
    const phrase = (...pitches: number[]): Uint16Array => Uint16Array.from(pitches.flatMap((p) => [p, 128]));
    const first = phrase(60, 62, 64, 65, 67, 65, 64, 62);
    const nearly = phrase(60, 62, 64, 65, 67, 65, 64, 60);
    const half = phrase(60, 62, 64, 65, 50, 51, 52, 53);
    expect([...lettersOfPhrases([first, half, nearly, half])]).toEqual([0, 1, 0, 1]);
  });
});
