import { AttuneError } from '@attune/core';
import { formOfLetters, type BarForm } from './bar-form.ts';

/** Sections are made of whole groups of this many bars where the piece is long enough. */
const GROUP_BARS = 4;

/**
 * 'AABA' over a piece of `bars` bars: sections of equal length, in groups of four bars where they fit; the last
 * takes what remains. Throws `argument/invalid` for more letters than bars.
 */
export function wishedForm(letters: string, bars: number): BarForm {
  if (letters.length > bars) {
    throw new AttuneError(
      'argument/invalid',
      `A form of ${letters.length} sections needs as many bars, not ${bars}.`,
      {
        form: letters,
        bars,
      },
    );
  }
  const even = Math.floor(bars / letters.length);
  const sectionBars = even >= GROUP_BARS ? even - (even % GROUP_BARS) : even;
  return formOfLetters(
    [...letters].map((letter) => letter.charCodeAt(0) - 'A'.charCodeAt(0)),
    sectionBars,
    bars,
  );
}
