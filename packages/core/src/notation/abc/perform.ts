import type { Quarter, Tick } from '../../foundation/units.ts';
import { createScore } from '../../score/create-score.ts';
import type { KeyEvent, MeterEvent, Note, Score, TempoEvent, TextEvent } from '../../score/score.ts';
import { chordPitches } from './chord-symbol.ts';
import type { AbcBudget } from './limits.ts';
import { exceed } from './limits.ts';
import { metersAtBarLines } from './bar-meters.ts';
import type { Tune } from './tune.ts';
import { unfoldVoice } from './unfold.ts';
import type { Voice, VoiceEvent } from './voice.ts';

/** Ticks a quarter of imported tunes: divides 64ths, triplets, quintuplets and their halves. */
export const ABC_TICKS_PER_QUARTER = 480;

/** What becomes of what ABC leaves to the player. */
export interface PerformOptions {
  /** `steal`: grace notes take up to half of their note; `drop`: they are left out. */
  readonly graceNotes: 'steal' | 'drop';
  /** `text`: chord symbols are texts of the Score; `track`: block chords besides; `drop`: left out. */
  readonly chordSymbols: 'text' | 'track' | 'drop';
}

/** Most of a note that its grace notes take. */
const GRACE_SHARE = 0.5;
const CHORD_VELOCITY = 56;

interface Performance {
  readonly notes: Note[];
  readonly tempos: TempoEvent[];
  readonly meters: MeterEvent[];
  readonly keys: KeyEvent[];
  readonly texts: TextEvent[];
  readonly bars: Tick[];
  readonly chords: { readonly tick: Tick; readonly symbol: string }[];
  readonly end: Quarter;
}

/** Plays a tune out into a Score: one track for each voice with notes. */
export function performTune(tune: Tune, options: PerformOptions, budget: AbcBudget): Score {
  const performances = tune.voices.map((voice) => performVoice(voice, tune, options, budget));
  const tracks = tune.voices.map((voice, i) => ({
    name: voice.name,
    program: voice.program,
    isDrum: voice.isDrum,
    notes: performances[i]!.notes,
  }));
  const chords = options.chordSymbols === 'track' ? chordTrack(performances) : [];
  const first = performances[0];
  const texts: TextEvent[] = performances.flatMap((each) => each.texts);
  if (tune.composer !== '') texts.unshift({ tick: 0, kind: 'text', text: `Composer: ${tune.composer}` });
  return createScore({
    ticksPerQuarter: ABC_TICKS_PER_QUARTER,
    title: tune.title,
    tracks: [...tracks, ...chords].filter((track) => track.notes.length > 0),
    tempos: performances.flatMap((each) => each.tempos),
    meters: metersAtBarLines(first?.meters ?? [], first?.bars ?? [], ABC_TICKS_PER_QUARTER),
    keys: first?.keys ?? [],
    texts,
  });
}

function performVoice(voice: Voice, tune: Tune, options: PerformOptions, budget: AbcBudget): Performance {
  const events = unfoldVoice(voice.events, tune.partOrder, budget);
  const result = { notes: [], tempos: [], meters: [], keys: [], texts: [], bars: [], chords: [] } as Omit<
    Performance,
    'end'
  >;
  const tied = new Map<number, { index: number; end: Quarter }>();
  let at: Quarter = 0;
  let reached: Quarter = 0;
  for (const event of events) {
    const tick = toTicks(at);
    if (event.kind === 'notes') {
      budget.addNotes(event.notes.length + event.graces.length, event.line);
      sound(event, at, tied, result.notes, options);
      if (event.lyric !== undefined) result.texts.push({ tick, kind: 'lyric', text: event.lyric });
      at += event.length;
    } else if (event.kind === 'rest') at += event.length;
    else if (event.kind === 'rewind') {
      reached = Math.max(reached, at);
      at -= event.length;
    } else if (event.kind === 'bar') {
      at = Math.max(at, reached);
      result.bars.push(toTicks(at));
    } else addChange(event, tick, result, options);
    if (at > budget.limits.quarters) exceed('quarters', budget.limits, event.line);
  }
  return { ...result, end: Math.max(at, reached) };
}

function addChange(
  event: Exclude<VoiceEvent, { kind: 'notes' | 'rest' | 'rewind' | 'bar' }>,
  tick: Tick,
  { tempos, meters, keys, texts, chords }: Omit<Performance, 'end'>,
  options: PerformOptions,
): void {
  // what a repeat states again is not new
  if (event.kind === 'tempo') pushNew(tempos, { tick, bpm: event.bpm });
  else if (event.kind === 'meter') pushNew(meters, { tick, ...event.meter });
  else if (event.kind === 'key') pushNew(keys, { tick, ...event.key });
  else if (event.kind === 'part') texts.push({ tick, kind: 'marker', text: event.label });
  else if (event.kind === 'text') texts.push({ tick, kind: event.as, text: event.text });
  else {
    if (options.chordSymbols !== 'drop') texts.push({ tick, kind: 'text', text: event.symbol });
    chords.push({ tick, symbol: event.symbol });
  }
}

function pushNew<T extends { readonly tick: Tick }>(events: T[], event: T): void {
  const last = events.at(-1);
  const names = Object.keys(event) as (keyof T)[];
  if (!last || names.some((name) => name !== 'tick' && last[name] !== event[name])) events.push(event);
}

function sound(
  event: Extract<VoiceEvent, { kind: 'notes' }>,
  at: Quarter,
  tied: Map<number, { index: number; end: Quarter }>,
  notes: Note[],
  options: PerformOptions,
): void {
  const delay = options.graceNotes === 'steal' ? soundGraces(event, at, notes) : 0;
  const before = new Map(tied);
  tied.clear();
  for (const { pitch, length, isTied } of event.notes) {
    const held = before.get(pitch);
    const end = at + length;
    let index: number;
    if (held && Math.abs(held.end - at) < 1e-6) {
      index = held.index;
      const note = notes[index]!;
      notes[index] = { ...note, duration: Math.max(1, toTicks(end) - note.start) };
    } else {
      const start = toTicks(at + delay);
      index =
        notes.push({ start, duration: Math.max(1, toTicks(end) - start), pitch, velocity: event.velocity }) -
        1;
    }
    if (isTied) tied.set(pitch, { index, end });
  }
}

/** Quarters by which the main note waits for its grace notes. */
function soundGraces(
  { graces, length, velocity }: Extract<VoiceEvent, { kind: 'notes' }>,
  at: Quarter,
  notes: Note[],
): Quarter {
  const wished = graces.reduce((sum, grace) => sum + grace.length, 0);
  const scale = wished > 0 ? Math.min(1, (GRACE_SHARE * length) / wished) : 0;
  let delay: Quarter = 0;
  for (const grace of graces) {
    const start = toTicks(at + delay);
    delay += grace.length * scale;
    notes.push({ start, duration: Math.max(1, toTicks(at + delay) - start), pitch: grace.pitch, velocity });
  }
  return delay;
}

/** Block chords under the tune, each until the next symbol. */
function chordTrack(
  performances: readonly Performance[],
): { name: string; program: number; isDrum: boolean; notes: Note[] }[] {
  const chords = performances.flatMap((each) => each.chords).sort((a, b) => a.tick - b.tick);
  const end = performances.reduce((last, each) => Math.max(last, toTicks(each.end)), 0);
  const notes = chords.flatMap(({ tick, symbol }, i): Note[] => {
    const until = chords.slice(i + 1).find((next) => next.tick > tick)?.tick ?? end;
    if (until <= tick || chords[i + 1]?.tick === tick) return [];
    return chordPitches(symbol).map((pitch) => ({
      start: tick,
      duration: until - tick,
      pitch,
      velocity: CHORD_VELOCITY,
    }));
  });
  return notes.length > 0 ? [{ name: 'Chords', program: 0, isDrum: false, notes }] : [];
}

function toTicks(quarters: Quarter): Tick {
  return Math.round(quarters * ABC_TICKS_PER_QUARTER);
}
