/**
 * The form in which words are compared: lower case, without accents, singular. Both the lexicon and the phrase go
 * through it, so it need not be right English, only the same on both sides.
 */
export function canonicalWord(word: string): string {
  const plain = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’']s?$/, '')
    .replace(/[’']/g, '');
  if (plain.length < 4) return plain;
  if (plain.endsWith('ies')) return `${plain.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(plain)) return plain.slice(0, -2);
  if (/[^suia]s$/.test(plain)) return plain.slice(0, -1);
  return plain;
}

/** Other words that a canonical word may be a form of: slower, slowest, slowly → slow; sadder → sad; happier → happy. */
export function baseForms(word: string): string[] {
  const match = /^(.{3,}?)(iest|est|ier|er|ily|ly|ish|y)$/.exec(word);
  if (!match) return [];
  const [, stem = '', ending = ''] = match;
  const forms = ending.startsWith('i') && ending !== 'ish' ? [`${stem}y`] : [stem, `${stem}e`];
  const doubled = /^(.+)(.)\2$/.exec(stem);
  return doubled ? [...forms, `${doubled[1]}${doubled[2]}`] : forms;
}

/**
 * Whether one typing error turns one word into the other: a letter wrong, missing, too many, or two neighbours swapped
 * (Damerau 1964). False for equal words.
 */
export function isOneErrorApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1);
  if (short.slice(i + 1) === long.slice(i + 1)) return true;
  return short[i] === long[i + 1] && short[i + 1] === long[i] && short.slice(i + 2) === long.slice(i + 2);
}
