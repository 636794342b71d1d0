import { meaningAt, meaningOf, type Phrase, type Read } from './phrase.ts';

/** '3/4', 'three four', 'six eight', 'in three', 'in 5'. */
export function readMeter(phrase: Phrase, at: number): Read | undefined {
  const token = phrase.tokens[at]!;
  if (token.kind === 'fraction') {
    const [numerator = 0, denominator = 0] = token.text.split('/').map(Number);
    if (numerator < 1 || ![1, 2, 4, 8, 16, 32].includes(denominator)) return undefined;
    return { wish: { kind: 'meter', meters: [`${numerator}/${denominator}`] }, length: 1 };
  }
  const beats = meaningOf(phrase, at, 'number');
  const unit = beats && meaningOf(phrase, at + 1, 'number');
  if (beats && unit && [2, 4, 8].includes(unit.meaning.value)) {
    return { wish: { kind: 'meter', meters: [`${beats.meaning.value}/${unit.meaning.value}`] }, length: 2 };
  }
  return meaningOf(phrase, at, 'in') && countedIn(phrase, at + 1);
}

/** The count after "in": three covers 3/4, 3/8 and 3/2. */
function countedIn(phrase: Phrase, at: number): Read | undefined {
  const token = phrase.tokens[at];
  const count =
    token?.kind === 'number' && !token.isTime ? token.value! : meaningOf(phrase, at, 'number')?.meaning.value;
  if (count === undefined || count < 2 || count > 12 || !Number.isInteger(count)) return undefined;
  const next = meaningAt(phrase, at + 1)?.meaning.kind;
  if (next === 'number' || next === 'unit') return undefined;
  return { wish: { kind: 'meter', meters: [`${count}/2`, `${count}/4`, `${count}/8`] }, length: 2 };
}
