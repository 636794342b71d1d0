import type { RiskPoint } from '../metrics/selective.ts';

/** Inner size of a plot in its own units, and the room for labels. */
const SIZE = 240;
const LEFT = 54;
const BOTTOM = 36;
const TOP = 10;
const RIGHT = 14;

/** One bin of a calibration curve. */
export interface CalibrationBin {
  readonly confidence: number;
  readonly accuracy: number;
  readonly count: number;
}

/** Mean confidence and share right in equal bins of confidence; empty bins are left out. */
export function calibrationBins(
  confidences: readonly number[],
  correct: readonly boolean[],
  bins = 10,
): CalibrationBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = confidences.flatMap((confidence, i) =>
      Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1)) === bin ? [i] : [],
    );
    const mean = (value: (i: number) => number): number =>
      inside.reduce((sum, i) => sum + value(i), 0) / inside.length;
    return {
      confidence: mean((i) => confidences[i]!),
      accuracy: mean((i) => Number(correct[i])),
      count: inside.length,
    };
  }).filter(({ count }) => count > 0);
}

/** A calibration curve as inline SVG: circles grow with the items of the bin, upright lines are its error; the dashed diagonal is perfect calibration. */
export function calibrationPlot(bins: readonly CalibrationBin[], description: string): string {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const gaps = bins
    .map(({ confidence, accuracy }) => `M${place(confidence)} ${rise(confidence)}V${rise(accuracy)}`)
    .join(''); // no line between bins: a bin of two items would dominate it
  const circles = bins.map(({ confidence, accuracy, count }) => {
    const radius = (3 + 6 * Math.sqrt(count / most)).toFixed(1);
    return `<circle class="dot" cx="${place(confidence)}" cy="${rise(accuracy)}" r="${radius}"/>`;
  });
  return plot('confidence', 'share right', description, 1, [
    `<path class="guide" d="M${place(0)} ${rise(0)}L${place(1)} ${rise(1)}"/>`,
    `<path class="line" d="${gaps}"/>`,
    ...circles,
  ]);
}

/** A risk–coverage curve as inline SVG; a circle marks where the model stands with its own threshold. */
export function riskPlot(
  points: readonly RiskPoint[],
  own: { readonly coverage: number; readonly risk: number },
  description: string,
): string {
  const top = Math.min(
    1,
    Math.max(0.05, Math.ceil(20 * Math.max(own.risk, ...points.map(({ risk }) => risk))) / 20),
  );
  const path = points
    .map(({ coverage, risk }, i) => `${i === 0 ? 'M' : 'L'}${place(coverage)} ${rise(risk / top)}`)
    .join('');
  return plot('share answered', 'share wrong', description, top, [
    `<path class="line" d="${path}"/>`,
    `<circle class="dot" cx="${place(own.coverage)}" cy="${rise(own.risk / top)}" r="6"/>`,
  ]);
}

function plot(
  across: string,
  up: string,
  description: string,
  top: number,
  shapes: readonly string[],
): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.flatMap((tick) => [
    `<path class="grid" d="M${place(tick)} ${rise(0)}V${rise(1)}M${place(0)} ${rise(tick)}H${place(1)}"/>`,
    `<text x="${place(tick)}" y="${rise(0) + 14}" text-anchor="middle">${tick}</text>`,
    `<text x="${LEFT - 5}" y="${rise(tick) + 4}" text-anchor="end">${Number((tick * top).toFixed(3))}</text>`,
  ]);
  const middle = TOP + SIZE / 2;
  return [
    `<svg class="plot" role="img" viewBox="0 0 ${LEFT + SIZE + RIGHT} ${TOP + SIZE + BOTTOM}"><title>${description}</title>`,
    ...grid,
    `<text x="${LEFT + SIZE / 2}" y="${TOP + SIZE + 31}" text-anchor="middle">${across}</text>`,
    `<text x="11" y="${middle}" text-anchor="middle" transform="rotate(-90 11 ${middle})">${up}</text>`,
    ...shapes,
    '</svg>',
  ].join('');
}

function place(share: number): number {
  return round(LEFT + share * SIZE);
}

function rise(share: number): number {
  return round(TOP + (1 - share) * SIZE);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
