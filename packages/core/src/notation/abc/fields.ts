import type { Quarter } from '../../foundation/units.ts';
import type { Meter } from '../../score/meter-map.ts';

/** Reads M: (§ 3.1.6): C, C|, 6/8, 2+2+3/8, (2+3)/8; `'free'` for none, undefined where it cannot be read. */
export function parseMeter(text: string): Meter | 'free' | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /^none$/i.test(trimmed)) return 'free';
  if (trimmed === 'C') return { numerator: 4, denominator: 4 };
  if (trimmed === 'C|') return { numerator: 2, denominator: 2 };
  const match = /^\(?\s*(\d{1,3}(?:\s*\+\s*\d{1,3}){0,20})\s*\)?\s*\/\s*(\d{1,3})$/.exec(trimmed);
  if (!match) return undefined;
  const numerator = match[1]!.split('+').reduce((sum, part) => sum + Number(part), 0);
  const denominator = Number(match[2]);
  const isMeter =
    numerator >= 1 &&
    numerator <= 255 &&
    denominator >= 1 &&
    denominator <= 64 &&
    Number.isInteger(Math.log2(denominator));
  return isMeter ? { numerator, denominator } : undefined;
}

/** Reads a note length such as 1/8 into quarters; undefined where it is none. */
export function parseFraction(text: string): Quarter | undefined {
  const match = /^\s*(\d{1,4})(?:\s*\/\s*(\d{1,4}))?\s*$/.exec(text);
  if (!match) return undefined;
  const quarters = (4 * Number(match[1])) / Number(match[2] ?? 1);
  return quarters > 0 && Number.isFinite(quarters) ? quarters : undefined;
}

/** Unit note length where no L: stands (§ 3.1.7): a sixteenth in meters below 3/4, else an eighth. */
export function defaultUnitLength(meter: Meter | 'free' | undefined): Quarter {
  if (meter === undefined || meter === 'free') return 0.5;
  return meter.numerator / meter.denominator < 0.75 ? 0.25 : 0.5;
}

/**
 * Reads Q: (§ 3.1.8) into quarters a minute: `1/4=120`, `1/4 3/8 = 40`, `"Allegro" 1/4=120`, and the outdated
 * `120` and `C=120`, which count unit note lengths. Undefined: words alone; `'unknown'`: cannot be read.
 */
export function parseTempo(text: string, unitLength: Quarter): number | 'unknown' | undefined {
  const bare = text.replace(/"[^"]*"?/g, ' ').trim();
  if (bare === '') return undefined;
  const match = /^(?:([^=]*)=)?\s*(\d{1,5}(?:\.\d{1,6})?)$/.exec(bare);
  if (!match) return 'unknown';
  const bpm = Number(match[2]) * beatOf(match[1], unitLength);
  return bpm >= 1 && bpm <= 10_000 ? bpm : 'unknown';
}

function beatOf(text: string | undefined, unitLength: Quarter): number {
  if (text === undefined) return unitLength;
  const parts = text.trim().split(/\s+/);
  return parts.reduce((sum, part) => {
    const units = /^C(\d{0,3})$/.exec(part);
    return sum + (units ? unitLength * Number(units[1] || 1) : (parseFraction(part) ?? NaN));
  }, 0);
}

/** Parts such as `A2(BC)3`, as a list of labels; undefined where it cannot be read or is longer than `limit`. */
export function parsePartOrder(text: string, limit: number): string[] | undefined {
  let at = 0;
  const source = text.replace(/[\s.]/g, '');
  const sequence = (depth: number): string[] | undefined => {
    const labels: string[] = [];
    while (at < source.length && source[at] !== ')') {
      let item: string[] | undefined;
      if (source[at] === '(') {
        if (depth >= 16) return undefined;
        at++;
        item = sequence(depth + 1);
        if (!item || source[at++] !== ')') return undefined;
      } else if (/[A-Za-z]/.test(source[at]!)) item = [source[at++]!];
      if (!item) return undefined;
      const digits = /^\d{1,4}/.exec(source.slice(at))?.[0] ?? '';
      at += digits.length;
      const times = digits === '' ? 1 : Number(digits);
      if (labels.length + item.length * times > limit) return undefined;
      for (let i = 0; i < times; i++) labels.push(...item);
    }
    return labels;
  };
  const labels = sequence(0);
  return labels && at === source.length && labels.length > 0 ? labels : undefined;
}

/** `name=value` pairs of V:, K: and I: fields; values may be quoted. What is left stands in `rest`. */
export function parseProperties(text: string): {
  readonly properties: Map<string, string>;
  readonly rest: string;
} {
  const properties = new Map<string, string>();
  const rest = text.replace(/([A-Za-z]{2,20})=("[^"]*"|[^\s"]+)/g, (_, name: string, value: string) => {
    properties.set(name.toLowerCase(), value.replaceAll('"', ''));
    return ' ';
  });
  return { properties, rest: rest.trim() };
}
