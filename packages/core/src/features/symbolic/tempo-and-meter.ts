import type { Bpm } from '../../foundation/units.ts';
import type { Score } from '../../score/score.ts';
import { DEFAULT_METER, type Meter } from '../../score/meter-map.ts';
import { DEFAULT_BPM } from '../../score/tempo-map.ts';
import type { NoteTable } from './note-table.ts';

/** Half of the ticks between the first start and the last end lie at or below this tempo. */
export function medianTempo(score: Score, notes: NoteTable): Bpm {
  const spans = spansOf(score.tempos, { tick: 0, bpm: DEFAULT_BPM }, notes);
  spans.sort((a, b) => a.event.bpm - b.event.bpm);
  const half = spans.reduce((sum, span) => sum + span.ticks, 0) / 2;
  let passed = 0;
  for (const { event, ticks } of spans) {
    passed += ticks;
    if (passed >= half) return event.bpm;
  }
  return DEFAULT_BPM;
}

/** The meter that holds for most of the ticks between the first start and the last end; the earlier one of a tie. */
export function longestMeter(score: Score, notes: NoteTable): Meter {
  const ticksByMeter = new Map<string, Meter & { readonly ticks: number }>();
  for (const { event, ticks } of meterSpans(score, notes)) {
    const { numerator, denominator } = event;
    const name = `${numerator}/${denominator}`;
    ticksByMeter.set(name, { numerator, denominator, ticks: (ticksByMeter.get(name)?.ticks ?? 0) + ticks });
  }
  let longest: Meter & { readonly ticks: number } = { ...DEFAULT_METER, ticks: -1 };
  for (const meter of ticksByMeter.values()) if (meter.ticks > longest.ticks) longest = meter;
  return { numerator: longest.numerator, denominator: longest.denominator };
}

/** Share of the sounding ticks in meters that pass the test. */
export function meterShare(score: Score, notes: NoteTable, test: (meter: Meter) => boolean): number {
  const spans = meterSpans(score, notes);
  const total = spans.reduce((sum, span) => sum + span.ticks, 0);
  return spans.reduce((sum, span) => sum + (test(span.event) ? span.ticks : 0), 0) / total;
}

/** Beats of three parts: 6/8, 9/8, 12/8 … (numerator a multiple of three above three). */
export function isCompound({ numerator }: Meter): boolean {
  return numerator > 3 && numerator % 3 === 0;
}

/** Bars of three beats, or beats of three parts. */
export function isTriple({ numerator }: Meter): boolean {
  return numerator % 3 === 0;
}

/** Quarters in a beat: the dotted note in compound meters, else the denominator's note. */
export function beatQuarters(meter: Meter): number {
  return ((isCompound(meter) ? 3 : 1) * 4) / meter.denominator;
}

function meterSpans(score: Score, notes: NoteTable): { event: Meter; ticks: number }[] {
  return spansOf(score.meters, { tick: 0, ...DEFAULT_METER }, notes);
}

/** How many of the sounding ticks (at least one) each event holds; `initial` holds before the first event. */
function spansOf<E extends { readonly tick: number }>(
  events: readonly E[],
  initial: E,
  notes: NoteTable,
): { event: E; ticks: number }[] {
  const end = Math.max(notes.lastTick, notes.firstTick + 1);
  const all = [initial, ...events];
  return all
    .map((event, i) => ({
      event,
      ticks: Math.min(all[i + 1]?.tick ?? Infinity, end) - Math.max(event.tick, notes.firstTick),
    }))
    .filter((span) => span.ticks > 0);
}
