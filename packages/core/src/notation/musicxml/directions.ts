import type { Score, TempoEvent, TextEvent } from '../../score/score.ts';
import { DEFAULT_BPM } from '../../score/tempo-map.ts';
import type { Bar } from './bars.ts';
import type { DynamicMark } from './dynamics.ts';
import { meterLevels } from './meter-levels.ts';
import { element } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A tempo is printed where it differs by this factor from the printed one; every tempo is played. */
const PRINTED_TEMPO_CHANGE = 1.06;

/** The directions of the whole score (tempos, markers, words) by bar, for the first part. */
export function scoreDirections(
  score: Score,
  bars: readonly Bar[],
  loose: readonly TextEvent[],
): ReadonlyMap<number, readonly XmlElement[]> {
  const directions = new Map<number, XmlElement[]>();
  const add = (tick: number, make: (bar: Bar, offset: number) => XmlElement): void => {
    const index = barIndexAt(bars, tick);
    const bar = bars[index]!;
    const inBar = Math.min(tick - bar.start, bar.length - 1);
    const list = directions.get(index) ?? [];
    list.push(make(bar, inBar));
    directions.set(index, list);
  };
  const tempos: readonly TempoEvent[] =
    score.tempos[0]?.tick === 0 ? score.tempos : [{ tick: 0, bpm: DEFAULT_BPM }, ...score.tempos];
  let printed: number | undefined;
  for (const { tick, bpm } of tempos) {
    const differs = printed === undefined || Math.max(bpm / printed, printed / bpm) >= PRINTED_TEMPO_CHANGE;
    if (differs) printed = bpm;
    add(tick, (bar, offset) => tempoDirection(bpm, differs, bar, offset));
  }
  const texts = score.texts.filter(({ kind }) => kind !== 'lyric' && kind !== 'copyright');
  for (const event of [...texts, ...loose]) {
    const text = event.text.trim();
    if (text !== '') add(event.tick, (_, offset) => textDirection(event.kind, text, offset));
  }
  return directions;
}

/** A dynamic mark under the staff. */
export function dynamicDirection(mark: DynamicMark, staff: number | undefined): XmlElement {
  return element(
    'direction',
    { placement: 'below' },
    element('direction-type', {}, element('dynamics', {}, element(mark))),
    staff === undefined ? undefined : element('staff', {}, staff),
  );
}

/** Index of the bar that holds a tick; the last for ticks beyond. */
export function barIndexAt(bars: readonly Bar[], tick: number): number {
  let low = 0;
  let high = bars.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bars[middle]!.start <= tick) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Tempo in beats of the meter: dotted quarters in compound meters. */
function tempoDirection(bpm: number, isPrinted: boolean, bar: Bar, offset: number): XmlElement {
  const at = offset > 0 ? element('offset', {}, offset) : undefined;
  if (!isPrinted) return element('sound', { tempo: decimal(bpm) }, at);
  const isDotted = meterLevels(bar).isCompound && bar.meter.denominator === 8;
  const metronome = element(
    'metronome',
    {},
    element('beat-unit', {}, 'quarter'),
    isDotted ? element('beat-unit-dot') : undefined,
    element('per-minute', {}, Math.max(1, Math.round(isDotted ? bpm / 1.5 : bpm))),
  );
  return element(
    'direction',
    { placement: 'above' },
    element('direction-type', {}, metronome),
    offset > 0 ? element('offset', { sound: 'yes' }, offset) : undefined,
    element('sound', { tempo: decimal(bpm) }),
  );
}

function textDirection(kind: TextEvent['kind'], text: string, offset: number): XmlElement {
  const type =
    kind === 'marker'
      ? element('rehearsal', {}, text)
      : element('words', { 'font-style': kind === 'cue' ? 'italic' : undefined }, text);
  return element(
    'direction',
    { placement: 'above' },
    element('direction-type', {}, type),
    offset > 0 ? element('offset', {}, offset) : undefined,
  );
}

/** At most six decimals, never an exponent. */
export function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}
