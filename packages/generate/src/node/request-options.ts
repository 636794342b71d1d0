import { AttuneError } from '@attune/core';
import { STYLES, isStyle } from '@attune/core/style';
import type { Conditioning, Mode, Style } from '@attune/core/style';
import { parseInstruments } from './instrument-names.ts';

/** Wishes as they are typed. */
export interface RequestOptions {
  readonly style?: string;
  readonly key?: string;
  readonly mode?: string;
  readonly tempo?: string;
  readonly meter?: string;
  readonly instruments?: string;
  readonly density?: string;
  readonly range?: string;
  readonly energy?: string;
  readonly valence?: string;
  readonly tension?: string;
  readonly form?: string;
}

/** What the options ask for. Throws `argument/invalid` with one sentence about the first that cannot be meant. */
export function parseConditioning(options: RequestOptions): Conditioning {
  const key = options.key === undefined ? undefined : parseKey(options.key);
  const mode = options.mode === undefined ? undefined : parseMode(options.mode);
  if (key?.mode && mode && key.mode !== mode) {
    throw new AttuneError('argument/invalid', `The key "${options.key}" is not in ${mode}.`, {
      key: options.key ?? '',
    });
  }
  const resolvedMode = mode ?? key?.mode ?? (key ? 'major' : undefined);
  return {
    ...(options.style !== undefined && { style: parseStyle(options.style) }),
    ...(key && { tonic: key.tonic }),
    ...(resolvedMode && { mode: resolvedMode }),
    ...(options.tempo !== undefined && { tempo: parseNumber('tempo', options.tempo, 10, 400) }),
    ...(options.meter !== undefined && { meter: parseMeter(options.meter) }),
    ...(options.instruments !== undefined && { instruments: parseInstruments(options.instruments) }),
    ...(options.density !== undefined && { density: parseNumber('density', options.density, 0.01, 100) }),
    ...(options.range !== undefined && { range: parseRange(options.range) }),
    ...(options.energy !== undefined && { energy: parseNumber('energy', options.energy, 0, 1) }),
    ...(options.valence !== undefined && { valence: parseNumber('valence', options.valence, 0, 1) }),
    ...(options.tension !== undefined && { tension: parseNumber('tension', options.tension, 0, 1) }),
    ...(options.form !== undefined && { form: parseForm(options.form) }),
  };
}

/** A number within a range, or `argument/invalid` saying what can be given. */
export function parseNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new AttuneError(
    'argument/invalid',
    `--${name} takes a number from ${low} to ${high}, not "${text}".`,
    {
      [name]: text,
    },
  );
}

/** A whole number within a range, or `argument/invalid`. */
export function parseWhole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text.trim()) && value >= low && value <= high) return value;
  throw new AttuneError(
    'argument/invalid',
    `--${name} takes a whole number from ${low} to ${high}, not "${text}".`,
    {
      [name]: text,
    },
  );
}

/** A style as it is typed: 'Drums rock' is drums-rock. */
export function parseStyle(text: string): Style {
  const style = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (isStyle(style)) return style;
  throw new AttuneError('argument/invalid', `"${text}" is not a style; there are ${STYLES.join(', ')}.`, {
    style: text,
  });
}

const NATURALS: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

/** 'C', 'F#', 'Bb major', 'A minor', 'am', 'c# min'. */
export function parseKey(text: string): { readonly tonic: number; readonly mode?: Mode } {
  const match = /^([a-g])\s*(#|♯|b|♭|-?\s*sharp|-?\s*flat)?\s*(major|maj|minor|min|m)?$/i.exec(text.trim());
  if (!match) {
    throw new AttuneError(
      'argument/invalid',
      `"${text}" is not a key; write for example C, F#, "Bb major" or "A minor".`,
      {
        key: text,
      },
    );
  }
  const [, letter, accidental = '', word] = match;
  const sign = /#|♯|sharp/i.test(accidental) ? 1 : accidental === '' ? 0 : -1;
  const tonic = (NATURALS[letter!.toLowerCase()]! + sign + 12) % 12;
  if (word === undefined) return { tonic };
  return { tonic, mode: /^maj/i.test(word) ? 'major' : 'minor' };
}

function parseMode(text: string): Mode {
  const mode = text.trim().toLowerCase();
  if (mode === 'major' || mode === 'minor') return mode;
  throw new AttuneError('argument/invalid', `--mode takes major or minor, not "${text}".`, { mode: text });
}

/** Letters of sections: 'aaba' is AABA. */
function parseForm(text: string): string {
  const form = text.trim().toUpperCase();
  if (/^[A-H]{1,64}$/.test(form)) return form;
  throw new AttuneError(
    'argument/invalid',
    `--form takes letters from A to H, such as AABA, not "${text}".`,
    {
      form: text,
    },
  );
}

/** 'C3-C6', '48-84'; C4 is the middle C, 60. */
function parseRange(text: string): readonly [number, number] {
  const match = /^\s*(\S+?)\s*(?:-|–|to)\s*(\S+?)\s*$/.exec(text);
  const [low, high] = [parsePitch(match?.[1]), parsePitch(match?.[2])];
  if (low !== undefined && high !== undefined) return [low, high];
  throw new AttuneError('argument/invalid', `"${text}" is not a range; write for example C3-C6 or 48-84.`, {
    range: text,
  });
}

function parsePitch(text = ''): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const match = /^([a-g])(#|♯|b|♭)?(\d)$/i.exec(text);
  if (!match) return undefined;
  const [, letter, accidental, octave] = match;
  const sign = accidental === undefined ? 0 : /#|♯/.test(accidental) ? 1 : -1;
  return NATURALS[letter!.toLowerCase()]! + sign + 12 * (Number(octave) + 1);
}

function parseMeter(text: string): { numerator: number; denominator: number } {
  const match = /^(\d+)\s*\/\s*(\d+)$/.exec(text.trim());
  const numerator = Number(match?.[1]);
  const denominator = Number(match?.[2]);
  if (match && numerator >= 1 && numerator <= 32 && [1, 2, 4, 8, 16, 32].includes(denominator)) {
    return { numerator, denominator };
  }
  throw new AttuneError('argument/invalid', `"${text}" is not a meter; write for example 4/4, 3/4 or 6/8.`, {
    meter: text,
  });
}
