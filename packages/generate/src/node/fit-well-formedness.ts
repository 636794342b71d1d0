import { createMeterMap, scoreEndTick, sliceScore } from '@attune/core';
import type { Score } from '@attune/core';
import { styleOfRow } from '@attune/core/node';
import type { DataSet } from '@attune/core/node';
import { fromGrid, toGrid } from '@attune/core/tokens';
import { WELL_FORMEDNESS_MEASURES, leadingSilence, measureWellFormedness } from '../well-formedness.ts';
import type { MeasureLimits, WellFormednessMeasure } from '../well-formedness.ts';
import { readScores } from './corpus.ts';
import type { CorpusOptions } from './corpus.ts';

/** Real music is measured in excerpts about as long as a composed piece: its last bars, so that it has its ending. */
const EXCERPT_BARS = 32;

export type FittedLimits = Record<'pitched' | 'drums', Partial<Record<WellFormednessMeasure, MeasureLimits>>>;

/** Percentiles of the measures over the training pieces; every style weighs the same. */
export function fitWellFormedness(sets: readonly DataSet[], options: CorpusOptions = {}): FittedLimits {
  const rows: { drums: boolean; style: string; values: Partial<Record<WellFormednessMeasure, number>> }[] =
    [];
  for (const { item, score } of readScores(sets, { ...options, splits: ['train'] })) {
    const style = styleOfRow(item.set, item.row);
    if (!style) continue;
    // Measured as a tokenizer would give it back: composed pieces come from there, too.
    const values = measureWellFormedness(lastBars(fromGrid(toGrid(score))));
    values.leadingSilence = leadingSilence(score);
    rows.push({
      drums: score.tracks.every((track) => track.isDrum || track.notes.length === 0),
      style,
      values,
    });
  }
  const limitsOf = (drums: boolean): Partial<Record<WellFormednessMeasure, MeasureLimits>> => {
    const part = rows.filter((row) => row.drums === drums);
    const counts = new Map<string, number>();
    for (const { style } of part) counts.set(style, (counts.get(style) ?? 0) + 1);
    const limits: Partial<Record<WellFormednessMeasure, MeasureLimits>> = {};
    for (const measure of WELL_FORMEDNESS_MEASURES) {
      const weighted = part
        .filter(({ values }) => values[measure] !== undefined)
        .map(({ style, values }) => ({ value: values[measure]!, weight: 1 / counts.get(style)! }))
        .sort((a, b) => a.value - b.value);
      if (weighted.length === 0) continue;
      const at = (share: number): number => Number(weightedQuantile(weighted, share).toPrecision(4));
      limits[measure] = { p1: at(0.01), p5: at(0.05), p95: at(0.95), p99: at(0.99) };
    }
    return limits;
  };
  return { pitched: limitsOf(false), drums: limitsOf(true) };
}

function lastBars(score: Score): Score {
  const map = createMeterMap(score);
  const end = scoreEndTick(score);
  const bars = map.barCount(end);
  return bars <= EXCERPT_BARS ? score : sliceScore(score, map.barStart(bars - EXCERPT_BARS), end);
}

function weightedQuantile(sorted: readonly { value: number; weight: number }[], share: number): number {
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  for (const { value, weight } of sorted) {
    passed += weight;
    if (passed >= share * total) return value;
  }
  return sorted.at(-1)!.value;
}
