import { AttuneError } from '@attune/core';
import type { VoiceGrid } from '../vae/voice-grid.ts';
import { HOLD } from '../vae/voices.ts';

/** Two phrases have one letter when this share of their notes stands in both, at the same pitch. */
const RETURNS = 0.75;

/** For each phrase its letter, 0, 1 …: that of the first phrase before it that it repeats, else a new one. */
export function lettersOfPhrases(phrases: readonly VoiceGrid[]): Int32Array {
  const letters = new Int32Array(phrases.length);
  let next = 0;
  phrases.forEach((phrase, p) => {
    const earlier = phrases.slice(0, p).findIndex((other) => sharedNotes(phrase, other) >= RETURNS);
    letters[p] = earlier < 0 ? next++ : letters[earlier]!;
  });
  return letters;
}

/** 2 · |A ∩ B| / (|A| + |B|) over onsets with their pitches; 0 where neither has notes. */
function sharedNotes(a: VoiceGrid, b: VoiceGrid): number {
  let [both, all] = [0, 0];
  a.forEach((value, t) => {
    if (value < HOLD) all++;
    if (b[t]! < HOLD) all++;
    if (value < HOLD && value === b[t]) both++;
  });
  return all === 0 ? 0 : (2 * both) / all;
}

/** A form such as AABA. */
const FORM = /^[A-Z]{1,16}$/;

/**
 * Letters of `phrases` phrases under a form such as AABA: sections of equal length, in which the n-th phrase of each
 * section of one letter has one letter. Throws `argument/invalid` for another spelling or a form that does not divide the phrases.
 */
export function lettersOfForm(form: string, phrases: number): Int32Array {
  if (!FORM.test(form) || phrases % form.length !== 0) {
    throw new AttuneError(
      'argument/invalid',
      `A form is up to 16 letters that divide ${phrases} phrases, not "${form}".`,
      {
        form,
      },
    );
  }
  const length = phrases / form.length;
  const names = [...new Set(form)];
  return Int32Array.from({ length: phrases }, (_, p) => {
    const section = names.indexOf(form[Math.floor(p / length)]!);
    return section * length + (p % length);
  });
}
