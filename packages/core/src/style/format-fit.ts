import type { AudioStyleMap } from './fit-audio-style.ts';
import type { StyleSpaceFit } from './fit-style-space.ts';

const HEAD = '/** Written by `attune-classify fit-style-space`; not edited by hand. */';
const WIDTH = 115;

/** The text of style-statistics.ts. */
export function formatStyleStatistics({ statistics }: StyleSpaceFit): string {
  const lines = Object.entries(statistics).map(
    ([name, { mean, deviation }]) => `  ${name}: { mean: ${mean}, deviation: ${deviation} },`,
  );
  return [
    "import type { StyleStatistics } from './fit-style-space.ts';",
    '',
    HEAD,
    'export const STYLE_STATISTICS: StyleStatistics = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** The text of mood-tables.ts. */
export function formatMoodTables({ moods }: StyleSpaceFit): string {
  const tables = Object.entries(moods).flatMap(([axis, values]) => [
    `  ${axis}: [`,
    ...wrapped(values),
    '  ],',
  ]);
  return [
    "import type { MoodAxis } from './conditioning.ts';",
    '',
    '/** Quantiles of the raw mood values, ascending, evenly spaced from the lowest to the highest training piece. */',
    'export type MoodTables = Readonly<Record<MoodAxis, readonly number[]>>;',
    '',
    HEAD,
    'export const MOOD_TABLES: MoodTables = {',
    ...tables,
    '};',
    '',
  ].join('\n');
}

/** The text of audio-style-map.ts. */
export function formatAudioStyleMap({ mean, deviation, dimensions }: AudioStyleMap): string {
  const short = (values: readonly number[]): number[] => values.map((value) => Number(value.toPrecision(5)));
  const entries = Object.entries(dimensions).flatMap(([name, { offset, weights, r2 }]) => [
    `    ${name}: {`,
    `      offset: ${Number(offset.toPrecision(6))},`,
    `      r2: ${Number(r2.toPrecision(3))},`,
    '      weights: [',
    ...wrapped(short(weights), '        '),
    '      ],',
    '    },',
  ]);
  return [
    "import type { AudioStyleMap } from './fit-audio-style.ts';",
    '',
    HEAD.replace('fit-style-space', 'fit-audio-style'),
    'export const AUDIO_STYLE_MAP: AudioStyleMap = {',
    '  mean: [',
    ...wrapped(short(mean)),
    '  ],',
    '  deviation: [',
    ...wrapped(short(deviation)),
    '  ],',
    '  dimensions: {',
    ...entries,
    '  },',
    '};',
    '',
  ].join('\n');
}

function wrapped(values: readonly number[], indent = '    '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const value of values) {
    if (line !== '' && `${indent}${line} ${value},`.length > WIDTH) {
      lines.push(indent + line);
      line = '';
    }
    line += `${line === '' ? '' : ' '}${value},`;
  }
  return [...lines, indent + line];
}
