import {
  ARRANGED_STYLES,
  DISTRIBUTION_FEATURES,
  FORM_MEASURES,
  type DistributionDistance,
} from '@attune/generate';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeBetween } from './between.ts';
import { JUDGED } from './count-control.ts';
import { isTelling, overlapRatio } from './likeness.ts';
import { drawDots } from './plots.ts';
import type { ControlResult, LikenessResult, Results, Settings } from './results.ts';

/** The aim: at most this many times the distance between two halves of real pieces. */
const NEAR = 1.5;

/** Writes composing.md and its plots from the results. */
export function writePage(folder: string, results: Results): void {
  const plots = path.join(folder, 'plots');
  mkdirSync(plots, { recursive: true });
  const draw = (name: string, svg: string): string => {
    writeFileSync(path.join(plots, `${name}.svg`), svg);
    return `![](plots/${name}.svg)`;
  };
  const sections = [
    natsSection(results, draw),
    likenessSection(results, draw),
    controlSection(results, draw),
    keysSection(results),
    copiesSection(results),
    formSection(results),
    speedSection(results),
    tasksSection(results),
  ];
  writeBetween(path.join(folder, 'composing.md'), sections.flat().join('\n'), 'Composed pieces');
}

type LikenessRow = LikenessResult & { readonly ngram: DistributionDistance | undefined };
type Draw = (name: string, svg: string) => string;

function natsSection({ nats, ngram }: Results, draw: Draw): string[] {
  if (!nats) return [];
  const { settings } = nats;
  const counted = new Map(ngram?.rows.map((row) => [`${row.style} ${row.notes}`, row.nats]));
  const rows = nats.rows.map((row) => ({ ...row, ngram: counted.get(`${row.style} ${row.notes}`) ?? NaN }));
  const fewer = (value: number, ngram: number): string =>
    Number.isNaN(ngram) ? '–' : `${((1 - value / ngram) * 100).toFixed(0)} %`;
  const notes = rows.reduce((sum, row) => sum + row.notes, 0);
  const overall = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + value(row) * row.notes, 0) / notes;
  const total = {
    style: '**all**',
    pieces: rows.reduce((sum, row) => sum + row.pieces, 0),
    notes,
    ngram: overall((row) => row.ngram),
    toldNothing: overall((row) => row.toldNothing),
    toldStyle: overall((row) => row.toldStyle),
    toldAll: overall((row) => row.toldAll),
  };
  const reached = rows.filter((row) => row.toldStyle <= 0.75 * row.ngram).length;
  return [
    '## Nats a note by style',
    '',
    `${describe(settings)} At most ${settings.notes.toLocaleString('en')} notes a style, in whole pieces, the closing step charged. The n-gram is counted anew on the same training pieces, arrangements included, and told the style; the last column is how many per cent fewer nats the model told the style alone needs. Aim: 25 % in every style; reached in ${reached} of ${rows.length}. \\* judged on held-out arrangements.`,
    '',
    draw(
      'nats',
      drawDots({
        title: 'Nats a note on held-out pieces',
        x: 'nats a note (fewer is better)',
        names: rows.map(({ style }) => star(style)),
        series: [
          { name: 'model, told the style', values: rows.map((row) => row.toldStyle) },
          { name: 'interpolated n-gram', values: rows.map((row) => row.ngram) },
          { name: 'model, told all', values: rows.map((row) => row.toldAll) },
        ],
      }),
    ),
    '',
    ...table(
      ['style', 'pieces', 'notes', 'n-gram', 'told nothing', 'told style', 'told all', 'fewer than n-gram'],
      [...rows, total].map((row) => [
        star(row.style),
        String(row.pieces),
        row.notes.toLocaleString('en'),
        f(row.ngram, 3),
        f(row.toldNothing, 3),
        f(row.toldStyle, 3),
        f(row.toldAll, 3),
        fewer(row.toldStyle, row.ngram),
      ]),
    ),
    '',
  ];
}

function likenessSection({ likeness, ngram }: Results, draw: Draw): string[] {
  if (!likeness) return [];
  const { settings } = likeness;
  const sampled = new Map(
    ngram?.rows.flatMap(({ style, likeness: all }) =>
      all.map(({ feature, distance }) => [`${style} ${feature}`, distance] as const),
    ),
  );
  const rows = likeness.rows.map((row) => ({ ...row, ngram: sampled.get(`${row.style} ${row.feature}`) }));
  const byFeature = DISTRIBUTION_FEATURES.map((feature) => ({
    feature,
    own: rows.filter((row) => row.feature === feature && isTelling(row)),
  })).filter(({ own }) => own.length > 0);
  const mean = (own: readonly LikenessRow[], value: (row: LikenessRow) => number | undefined): number => {
    const known = own.map(value).filter((x) => x !== undefined);
    return known.reduce((sum, x) => sum + x, 0) / known.length;
  };
  const styles = [...new Set(rows.map(({ style }) => style))];
  return [
    '## Likeness to real pieces',
    '',
    `${describe(settings)} ${settings.pieces} pieces of ${settings.bars} bars a style, with the wishes of held-out pieces, against the first ${settings.bars} bars of held-out pieces. Overlap and Kullback-Leibler divergence of the distances between pieces (Yang & Lerch 2018), features as MusPy defines them. **Floor**: two halves of the real pieces. **Open**: the model asked for nothing. **n-gram**: its own samples, same instruments, meters and bars. Means over the styles in which real pieces vary. "ratio" is (1 − overlap) over that of the floor; the aim is at most ${NEAR}.`,
    '',
    draw(
      'likeness',
      drawDots({
        title: 'Overlap with real pieces, mean over styles',
        x: 'overlap (1: the same distribution)',
        names: byFeature.map(({ feature }) => feature),
        series: [
          { name: 'composed', values: byFeature.map(({ own }) => mean(own, (row) => row.composed.overlap)) },
          {
            name: 'two real halves',
            values: byFeature.map(({ own }) => mean(own, (row) => row.floor.overlap)),
          },
          {
            name: 'n-gram samples',
            values: byFeature.map(({ own }) => mean(own, (row) => row.ngram?.overlap)),
          },
          {
            name: 'composed, asked for nothing',
            values: byFeature.map(({ own }) => mean(own, (row) => row.open?.overlap)),
          },
        ],
        from: 0,
        to: 1,
      }),
    ),
    '',
    ...table(
      [
        'feature',
        'composed',
        'floor',
        'n-gram',
        'open',
        'ratio',
        `styles within ${NEAR}`,
        'KL composed',
        'KL floor',
        'KL n-gram',
        'KL open',
      ],
      byFeature.map(({ feature, own }) => {
        const [composed, floor] = [
          mean(own, (row) => row.composed.overlap),
          mean(own, (row) => row.floor.overlap),
        ];
        return [
          feature,
          f(composed),
          f(floor),
          f(mean(own, (row) => row.ngram?.overlap)),
          f(mean(own, (row) => row.open?.overlap)),
          f((1 - composed) / (1 - floor)),
          `${own.filter((row) => overlapRatio(row) <= NEAR).length} of ${own.length}`,
          f(mean(own, (row) => row.composed.divergence)),
          f(mean(own, (row) => row.floor.divergence)),
          f(mean(own, (row) => row.ngram?.divergence)),
          f(mean(own, (row) => row.open?.divergence)),
        ];
      }),
    ),
    '',
    `The ratio style by style; bold: beyond ${NEAR}.`,
    '',
    ...table(
      ['style', ...DISTRIBUTION_FEATURES],
      styles.map((style) => [
        star(style),
        ...DISTRIBUTION_FEATURES.map((feature) => {
          const row = rows.find((one) => one.style === style && one.feature === feature);
          if (!row || !isTelling(row)) return '–';
          const ratio = overlapRatio(row);
          return ratio <= NEAR ? f(ratio) : `**${f(ratio)}**`;
        }),
      ]),
    ),
    '',
  ];
}

function controlSection({ control }: Results, draw: Draw): string[] {
  if (!control) return [];
  const { rows, settings } = control;
  const sum = (name: (typeof JUDGED)[number]): string => {
    const all = rows.flatMap((row) => row.kept[name] ?? []);
    const pairs = rows.map((row) => row.kept[name]).filter((pair) => pair !== undefined);
    if (all.length === 0) return '–';
    return f(pairs.reduce((n, [kept]) => n + kept, 0) / pairs.reduce((n, [, asked]) => n + asked, 0));
  };
  const share = (row: ControlResult, name: (typeof JUDGED)[number]): string => {
    const pair = row.kept[name];
    return pair ? f(pair[0] / pair[1]) : '–';
  };
  return [
    '## Wishes kept',
    '',
    `${describe(settings)} The same pieces as above, judged by what does not steer: style by ${settings.classifier} (its likeliest label), key and mode by the profiles of Albrecht & Shanahan (2013), tempo, meter and instruments as the notes and events say them, density within 15 % by counting. "real" is the share of real excerpts that the classifier hears as their style. Aims: style 0.80, key 0.85, the rest exact.`,
    '',
    draw(
      'style-heard',
      drawDots({
        title: 'Heard as the style that was asked for',
        x: 'share of pieces',
        names: rows.map(({ style }) => star(style)),
        series: [
          {
            name: 'composed',
            values: rows.map(({ kept }) => (kept.style ? kept.style[0] / kept.style[1] : NaN)),
          },
          { name: 'real excerpts', values: rows.map(({ realHeard }) => realHeard ?? NaN) },
        ],
        mark: { at: 0.8, name: 'aim' },
        from: 0,
        to: 1,
      }),
    ),
    '',
    ...table(
      ['style', 'pieces', ...JUDGED, 'real', 'craft', 'nats a note', 'CPU s'],
      [
        ...rows.map((row) => [
          star(row.style),
          String(row.pieces),
          ...JUDGED.map((name) => share(row, name)),
          row.realHeard === null ? '–' : f(row.realHeard),
          f(row.craft),
          f(row.nats),
          f(row.seconds),
        ]),
        [
          '**all**',
          String(rows.reduce((n, row) => n + row.pieces, 0)),
          ...JUDGED.map(sum),
          f(average(rows.flatMap((row) => row.realHeard ?? []))),
          f(average(rows.map((row) => row.craft))),
          f(average(rows.map((row) => row.nats))),
          f(average(rows.map((row) => row.seconds))),
        ],
      ],
    ),
    '',
  ];
}

function keysSection({ keys }: Results): string[] {
  if (!keys) return [];
  return [
    '## The judge of keys',
    '',
    'Shares of held-out pieces whose key somebody wrote down that the judge (Albrecht & Shanahan 2013) finds, beside `findKey`, which steering listens with:',
    '',
    ...table(
      ['pieces', 'number', 'judge', 'findKey'],
      keys.map(({ set, pieces, judge, findKey }) => [set, String(pieces), f(judge), f(findKey)]),
    ),
    '',
  ];
}

function copiesSection({ copies }: Results): string[] {
  if (!copies) return [];
  const { rows, settings, floor, pieces } = copies;
  const add = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + value(row), 0);
  const count = add((row) => row.pieces);
  return [
    '## Copied spans',
    '',
    `${describe(settings)} Runs of notes of the top and bass lines that stand in any of the ${pieces.toLocaleString('en')} indexed training pieces, in any key. Over the floor is a piece whose longest run is longer than ${floor.longestRun} notes, or that shares more than ${f(floor.sharedShare)} of its runs: more than 99 % of real held-out excerpts of 32 bars do. The check before a piece is shown writes such a piece anew, up to seven times, and shows nothing if all are over.`,
    '',
    ...table(
      [
        'style',
        'pieces',
        'over the floor',
        'over, of those shown',
        'refused',
        'longest run',
        'mean shared share',
      ],
      [
        ...rows.map((row) => [
          star(row.style),
          String(row.pieces),
          String(row.over),
          String(row.overShown),
          String(row.refused),
          String(row.longestRun),
          f(row.meanShare, 3),
        ]),
        [
          '**all**',
          String(count),
          String(add((row) => row.over)),
          String(add((row) => row.overShown)),
          String(add((row) => row.refused)),
          String(Math.max(...rows.map((row) => row.longestRun))),
          f(add((row) => row.meanShare * row.pieces) / count, 3),
        ],
      ],
    ),
    '',
  ];
}

const FORM_NAMES: Readonly<Record<string, string>> = {
  similarity4: 'like 4 bars before',
  similarity8: 'like 8 bars before',
  cadences: 'cadence at phrase ends',
  endsOnTonic: 'ends on the tonic',
  returns: 'A like A',
  others: 'B like A',
};

function formSection({ form }: Results): string[] {
  if (!form) return [];
  const names = [...FORM_MEASURES, 'returns', 'others'] as const;
  return [
    '## Form',
    '',
    `${describe(form.settings)} Pieces of 32 bars, ${form.settings.pieces} a style. "like n bars before" is the mean share of notes that a bar has in common with the one n bars earlier, up to transposition; "A like A" compares the first eight bars with the second and the last eight, "B like A" the third eight with the first two.  Real excerpts are cut after 32 bars, so their endings mean nothing.`,
    '',
    ...table(
      ['pieces', 'number', ...names.map((name) => FORM_NAMES[name]!)],
      form.rows.map(({ name, pieces, values }) => [
        name,
        String(pieces),
        ...names.map((key) => (name.startsWith('real') && key === 'endsOnTonic' ? '–' : f(values[key]))),
      ]),
    ),
    '',
  ];
}

function speedSection({ speed }: Results): string[] {
  if (!speed) return [];
  return [
    '## Speed',
    '',
    '32 bars for four instruments (string quartet) from request to score, CPU seconds on one core of a machine busy with other work; medians of three seeds.',
    '',
    ...table(
      ['composer', 'notes', 'first bar', 'all 32', 'notes/s'],
      speed.rows.map(({ name, notes, firstBar, whole }) => [
        name,
        String(notes),
        f(firstBar, 3),
        f(whole),
        (notes / whole).toFixed(0),
      ]),
    ),
    '',
  ];
}

function tasksSection({ tasks }: Results): string[] {
  if (!tasks) return [];
  return [
    '## Writing beside given notes',
    '',
    `${describe(tasks.settings)} Nats a written note in windows of held-out pieces, told the style alone: with the given notes before them and with these taken out. "before": the model that it began from. More in [tasks.md](tasks.md).`,
    '',
    ...table(
      ['task', 'windows', 'notes', 'given', 'hidden', 'gain', 'before, given', 'before, hidden'],
      tasks.rows.map(({ kind, windows, notes, given, hidden, before }) => [
        kind,
        String(windows),
        notes.toLocaleString('en'),
        f(given, 3),
        f(hidden, 3),
        f(hidden - given, 3),
        before ? f(before.given, 3) : '–',
        before ? f(before.hidden, 3) : '–',
      ]),
    ),
    '',
  ];
}

function star(style: string): string {
  return (ARRANGED_STYLES as readonly string[]).includes(style) ? `${style} \\*` : style;
}

function describe({ model, source }: Settings): string {
  return `${model}; held-out pieces: ${source}.`;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function f(value: number | undefined, digits = 2): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)];
}
