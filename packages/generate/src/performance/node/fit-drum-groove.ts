import type { Score } from '@attune/core';
import { openDataSet, styleOfRow, type Split } from '@attune/core/node';
import { isStyle, type Style } from '@attune/core/style';
import path from 'node:path';
import { readScores } from '../../node/corpus.ts';
import { fitGroove, meanDelay, strokesOf, type GrooveTable } from '../drum-groove.ts';

/** How much of real drummers' playing a table foretells, on pieces that it has not seen. */
export interface GrooveFit {
  readonly style: Style;
  readonly pieces: number;
  readonly strokes: number;
  /** Correlation of the velocities with the table's, within pieces; a mechanical track has none. */
  readonly velocityCorrelation: number;
  /** Mean absolute delay, milliseconds, against the grid (what a mechanical track has) and against the table. */
  readonly delayFromGrid: number;
  readonly delayFromTable: number;
}

/** Tables fitted on the training part of Groove, by style, and what they are worth on `split`. */
export function fitDrumGroove(
  dataDir: string,
  split: Exclude<Split, 'train'>,
): { readonly tables: Partial<Record<Style, GrooveTable>>; readonly fits: readonly GrooveFit[] } {
  const training = scoresByStyle(dataDir, 'train');
  const held = scoresByStyle(dataDir, split);
  const tables = Object.fromEntries([...training].map(([style, scores]) => [style, fitGroove(scores)]));
  const fits = [...held].flatMap(([style, scores]) => {
    const table = tables[style];
    return table ? [measureFit(style, scores, table)] : [];
  });
  return { tables, fits };
}

function scoresByStyle(dataDir: string, split: Split): Map<Style, Score[]> {
  const byStyle = new Map<Style, Score[]>();
  for (const { item, score } of readScores([openDataSet(path.join(dataDir, 'groove'))], {
    splits: [split],
  })) {
    const style = styleOfRow(item.set, item.row);
    if (style === undefined || !isStyle(style) || item.row['time_signature'] !== '4-4') continue;
    byStyle.set(style, [...(byStyle.get(style) ?? []), score]);
  }
  return new Map([...byStyle].sort(([a], [b]) => a.localeCompare(b)));
}

function measureFit(style: Style, scores: readonly Score[], table: GrooveTable): GrooveFit {
  let [xy, xx, yy, strokes, grid, learned] = [0, 0, 0, 0, 0, 0];
  for (const score of scores) {
    const played = strokesOf(score);
    const late = meanDelay(played);
    const rows = played.map(({ part, place, note, delayMs }) => ({
      real: note.velocity,
      told: table.velocity[part]![place]!,
      delayMs: delayMs - late,
      toldDelay: table.delay[part]![place]!,
    }));
    const known = rows.filter(({ told }) => told > 0);
    const meanOf = (values: number[]): number =>
      values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
    const real = meanOf(known.map((row) => row.real));
    const told = meanOf(known.map((row) => row.told));
    for (const row of known) {
      xy += (row.real - real) * (row.told - told);
      xx += (row.real - real) ** 2;
      yy += (row.told - told) ** 2;
    }
    for (const row of rows) {
      grid += Math.abs(row.delayMs);
      learned += Math.abs(row.delayMs - row.toldDelay);
    }
    strokes += rows.length;
  }
  return {
    style,
    pieces: scores.length,
    strokes,
    velocityCorrelation: xy / Math.sqrt(xx * yy),
    delayFromGrid: grid / strokes,
    delayFromTable: learned / strokes,
  };
}

/** The module that ships, from fitted tables. */
export function formatGrooveTables(tables: Partial<Record<Style, GrooveTable>>): string {
  const rows = (values: readonly (readonly number[])[]): string =>
    values.map((row) => `      [${row.join(', ')}],\n`).join('');
  const entries = Object.entries(tables).map(
    ([style, { velocity, delay }]) =>
      `  '${style}': {\n    velocity: [\n${rows(velocity)}    ],\n    delay: [\n${rows(delay)}    ],\n  },\n`,
  );
  return `import type { Style } from '@attune/core/style';
import type { GrooveTable } from './drum-groove.ts';

/**
 * Written by \`attune-generate fit-drum-groove\`: means over the training part of the Groove MIDI Dataset (Gillick,
 * Roberts, Engel, Eck & Bamman 2019, "Learning to Groove with Inverse Sequence Transformations"; Google Magenta,
 * CC BY 4.0). Rows are \`DRUM_PARTS\`, columns the places of a 4/4 bar.
 */
// prettier-ignore
export const DRUM_GROOVES: Readonly<Partial<Record<Style, GrooveTable>>> = {
${entries.join('')}};
`;
}
