import { createRng } from '@attune/core';
import type { Evaluation, Judged } from '../evaluation.ts';
import type { LeakReport } from '../leaks/find-leaks.ts';
import { trainedOnWarning, type TrainedOn } from '../leaks/training-marks.ts';
import { expectedCalibrationError } from '../metrics/calibration.ts';
import { riskCoverage } from '../metrics/selective.ts';
import { bootstrapEvaluation, type Interval } from './grouped-bootstrap.ts';
import { calibrationBins, calibrationPlot, riskPlot } from './plots.ts';
import { REPORT_STYLE } from './report-style.ts';

/** One set of judged items of a report. */
export interface ReportSection {
  readonly name: string;
  readonly evaluation: Evaluation;
  /** `group`: items that are not independent share it; the item stands alone where left out. */
  readonly judged: readonly (Judged & { readonly group?: string })[];
  /** Of the model: the probabilities before it was applied are shown beside. */
  readonly temperature: number;
  /** How well what is no music was told from the items. */
  readonly rejection?: {
    readonly strangers: number;
    readonly refused: number;
    readonly areaUnderRoc: number;
  };
  /** The same items again, changed: name of the change → figures. */
  readonly robustness?: Readonly<Record<string, Evaluation>>;
  /** The items of `robustness` as they are, where only some were changed; left out: all were. */
  readonly unchanged?: Evaluation;
  /** Those of the items that the model learned from: a warning stands above the figures. */
  readonly trainedOn?: readonly TrainedOn[];
}

/** What a report is made from. */
export interface ReportInput {
  readonly title: string;
  /** Conditions in a sentence or two: data, split, model. */
  readonly description: string;
  readonly sections: readonly ReportSection[];
  readonly leaks?: LeakReport;
  readonly skipped?: readonly { readonly file: string; readonly reason: string }[];
  /** Of the bootstrap. */
  readonly seed: number;
}

/** Longer lists are cut, and say so. */
const MOST_LISTED = 30;

/**
 * The figures as one HTML page that needs no script, no network and no other file: tables with headers, plots as inline SVG with the
 * numbers beside them. Every text of the input is escaped.
 */
export function renderReport({
  title,
  description,
  sections,
  leaks,
  skipped = [],
  seed,
}: ReportInput): string {
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${REPORT_STYLE}</style></head><body><main>`,
    `<h1>${escaped(title)}</h1><p>${escaped(description)}</p>`,
    ...sections.map((section) => sectionHtml(section, seed)),
    ...(leaks ? [leaksHtml(leaks)] : []),
    ...(skipped.length > 0
      ? [
          `<section><h2>Left out</h2><ul>${listed(skipped.map(({ file, reason }) => `<li><b>${escaped(file)}</b>: ${escaped(reason)}</li>`))}</ul></section>`,
        ]
      : []),
    '</main></body></html>',
  ].join('\n');
}

/** The name of the model, version and all, that gave the answers; of several the names; undefined of no answers. */
export function judgeOf({ judged }: Pick<ReportSection, 'judged'>): string | undefined {
  return [...new Set(judged.map(({ answer }) => answer.model))].join(', ') || undefined;
}

function sectionHtml(section: ReportSection, seed: number): string {
  const { name, evaluation, judged, rejection, robustness, unchanged = evaluation } = section;
  const judge = judgeOf(section);
  return [
    `<section><h2>${escaped(name)}</h2>${judge === undefined ? '' : `<p>Judged by ${escaped(judge)}.</p>`}`,
    trainedOnHtml(section),
    figuresHtml(section, seed),
    `<h3>Where the answers go</h3>${confusionHtml(evaluation)}`,
    `<div class="pair"><div><h3>Is the confidence right?</h3>${calibrationHtml(section)}</div><div><h3>What abstaining buys</h3>${abstentionHtml(evaluation, judged)}</div></div>`,
    ...(rejection
      ? [
          `<h3>What is no music of this world</h3><p>Of ${rejection.strangers} made-up inputs ${percent(rejection.refused)} got no label; area under the ROC curve of telling them from the items: <b>${fixed(rejection.areaUnderRoc)}</b> (0.5 is chance).</p>`,
        ]
      : []),
    ...(robustness ? [`<h3>After changes to the sound</h3>${robustnessHtml(unchanged, robustness)}`] : []),
    '</section>',
  ].join('\n');
}

function trainedOnHtml({ trainedOn = [], evaluation }: ReportSection): string {
  const warning = trainedOnWarning(trainedOn, evaluation.items);
  if (warning === undefined) return '';
  const lines = trainedOn.map(({ file, kind }) => `<li>${escaped(file)}: ${kind}</li>`);
  return `<p><b>Warning:</b> ${escaped(warning)}</p><ul>${listed(lines)}</ul>`;
}

function figuresHtml({ evaluation, judged }: ReportSection, seed: number): string {
  const { labels, classes, majority } = evaluation;
  const intervals = bootstrapEvaluation(
    {
      truth: judged.map(({ truth }) => labels.indexOf(truth)),
      answers: judged.map(({ answer }) => labels.indexOf(answer.probabilities[0]!.label)),
      groups: judged.map(({ group }, i) => (group === undefined ? `alone ${i}` : `group ${group}`)),
    },
    labels.length,
    createRng(seed),
  );
  const overall = [
    ['accuracy', evaluation.accuracy, intervals.accuracy, majority.accuracy],
    ['macro-F1', evaluation.macroF1, intervals.macroF1, majority.macroF1],
    ['balanced accuracy', evaluation.balancedAccuracy, intervals.balancedAccuracy, majority.balancedAccuracy],
  ] as const;
  const rows = labels.flatMap((label, k) => {
    const { precision, recall, f1, support } = classes[k]!;
    if (support === 0 && precision === 0) return [];
    const of = intervals.classes[k]!;
    return [
      `<tr><th scope="row">${escaped(label)}</th><td>${support}</td>${cell(precision, of.precision)}${cell(recall, of.recall)}${cell(f1, of.f1)}</tr>`,
    ];
  });
  return [
    table(
      `${evaluation.items} items; 95 % intervals by bootstrap over groups`,
      ['figure', 'model', 'always the most frequent label'],
      overall.map(
        ([name, value, interval, always]) =>
          `<tr><th scope="row">${name}</th>${cell(value, interval)}<td>${fixed(always)}</td></tr>`,
      ),
    ),
    '<h3>By label</h3>',
    table(
      'Precision, recall and F1 with 95 % intervals',
      ['label', 'items', 'precision', 'recall', 'F1'],
      rows,
    ),
  ].join('');
}

function confusionHtml({ labels, confusion }: Evaluation): string {
  const shown = labels.flatMap((_, k) =>
    confusion[k]!.some((n) => n > 0) || confusion.some((row) => row[k]! > 0) ? [k] : [],
  );
  const body = shown.map((t) => {
    const total = confusion[t]!.reduce((sum, n) => sum + n, 0);
    const cells = shown.map((p) => {
      const count = confusion[t]![p]!;
      const share = total === 0 ? 0 : count / total;
      return `<td class="${t === p ? 'right' : 'wrong'}${share > 0.55 ? ' deep' : ''}" style="--share:${share.toFixed(2)}">${count === 0 ? '<span class="none">0</span>' : count}</td>`;
    });
    return `<tr><th scope="row">${escaped(labels[t]!)}</th>${cells.join('')}</tr>`;
  });
  return table(
    'Rows: true label; columns: answer; items',
    ['', ...shown.map((k) => labels[k]!)],
    body,
    'confusion',
  );
}

function calibrationHtml({ judged, temperature, evaluation }: ReportSection): string {
  const correct = judged.map(({ truth, answer }) => truth === answer.probabilities[0]!.label);
  const after = judged.map(({ answer }) => answer.confidence);
  const before = judged.map(({ answer }) =>
    confidenceBefore(
      answer.probabilities.map((p) => p.probability),
      temperature,
    ),
  );
  const bins = calibrationBins(after, correct);
  const rows = bins.map(
    ({ confidence, accuracy, count }) =>
      `<tr><td>${fixed(confidence)}</td><td>${fixed(accuracy)}</td><td>${count}</td></tr>`,
  );
  return [
    calibrationPlot(bins, 'Share right against confidence'),
    `<p>Expected calibration error ${fixed(evaluation.calibrationError)} with temperature ${temperature.toFixed(2)}, ${fixed(expectedCalibrationError(before, correct))} without (15 bins).</p>`,
    `<details><summary>The numbers</summary>${table('Calibration by confidence', ['mean confidence', 'share right', 'items'], rows)}</details>`,
  ].join('');
}

/** Temperature scaling undone: softmax(z) ∝ softmax(z / T)^T; exact for an answer from one row. */
function confidenceBefore(probabilities: readonly number[], temperature: number): number {
  const powers = probabilities.map((p) => p ** temperature);
  return Math.max(...powers) / powers.reduce((sum, p) => sum + p, 0);
}

function abstentionHtml(evaluation: Evaluation, judged: ReportSection['judged']): string {
  const correct = judged.map(({ truth, answer }) => truth === answer.probabilities[0]!.label);
  const points = riskCoverage(
    judged.map(({ answer }) => answer.confidence),
    correct,
  );
  const rows = evaluation.riskAt.map(
    ({ coverage, risk }) => `<tr><td>${percent(coverage)}</td><td>${percent(risk)}</td></tr>`,
  );
  return [
    riskPlot(points, evaluation, 'Share wrong against share answered, the most confident first'),
    `<p>The model answers ${percent(evaluation.coverage)} and is wrong in ${percent(evaluation.risk)} of these (circle). Area under the curve ${fixed(evaluation.areaUnderRiskCoverage)}.</p>`,
    `<details><summary>The numbers</summary>${table('Risk by coverage', ['answered', 'wrong of these'], rows)}</details>`,
  ].join('');
}

function robustnessHtml(plain: Evaluation, changed: Readonly<Record<string, Evaluation>>): string {
  const row = (name: string, { accuracy, coverage, risk }: Evaluation): string =>
    `<tr><th scope="row">${escaped(name)}</th><td>${fixed(accuracy)}</td><td>${accuracy === plain.accuracy ? '0' : signed(100 * (accuracy - plain.accuracy))}</td><td>${percent(coverage)}</td><td>${percent(risk)}</td></tr>`;
  const rows = [
    row('unchanged', plain),
    ...Object.entries(changed).map(([name, evaluation]) => row(name, evaluation)),
  ];
  return table(
    `The same ${plain.items} items after each change`,
    ['change', 'accuracy', 'points', 'answered', 'wrong of these'],
    rows,
  );
}

function leaksHtml({
  items,
  duplicates,
  dividedGroups,
  constantFeatures,
  tellingFeatures,
  tellingNames,
}: LeakReport): string {
  const point = (what: string, found: readonly string[]): string =>
    found.length === 0
      ? `<li>${what}: none</li>`
      : `<li>${what}: <b>${found.length}</b><ul>${listed(found.map((text) => `<li>${escaped(text)}</li>`))}</ul></li>`;
  const names = (what: string, found: readonly string[]): string =>
    found.length === 0
      ? `<li>${what}: none</li>`
      : `<li><details><summary>${what}: <b>${found.length}</b></summary>${escaped(found.join(', '))}</details></li>`;
  return [
    `<section><h2>The data</h2><p>${items} items. Near-duplicates were kept on one side of every split.</p><ul>`,
    point(
      'duplicates and near-duplicates',
      duplicates.map(
        ({ a, b, kind, likeness, labelsDiffer }) =>
          `${a} and ${b}: ${kind}, ${likeness.toFixed(2)}${labelsDiffer ? ', with different labels' : ''}`,
      ),
    ),
    ...(dividedGroups ? [point('groups on both sides of the split', dividedGroups)] : []),
    names('features with one value throughout', constantFeatures),
    names('features that give the label away alone', tellingFeatures),
    point(
      'words of file names that stand for a label',
      tellingNames.map(({ word, label, share }) => `“${word}” in ${percent(share)} of ${label}`),
    ),
    '</ul></section>',
  ].join('');
}

function table(caption: string, head: readonly string[], rows: readonly string[], kind = ''): string {
  const heads = head
    .map((text) => (text === '' ? '<td></td>' : `<th scope="col"><span>${escaped(text)}</span></th>`))
    .join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table class="${kind}"><caption>${escaped(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function cell(value: number, { low, high }: Interval): string {
  return `<td>${fixed(value)} <small>${fixed(low)}–${fixed(high)}</small></td>`;
}

function listed(lines: readonly string[]): string {
  return lines.length <= MOST_LISTED
    ? lines.join('')
    : `${lines.slice(0, MOST_LISTED).join('')}<li>… and ${lines.length - MOST_LISTED} more</li>`;
}

function fixed(value: number): string {
  return value.toFixed(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
