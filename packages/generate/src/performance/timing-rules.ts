import { createMeterMap, type Rng, type Score, type TempoEvent, type Tick } from '@attune/core';
import type { Deviations } from './deviations.ts';
import { archAt, phraseAt } from './dynamics-rules.ts';
import type { Melody } from './melody.ts';
import type { Phrase } from './phrases.ts';

/** Share by which the ends of a phrase are slower than its climax, at k = 1. */
const ARCH_TEMPO = 0.06;
/** Tempo at the very end over the tempo before, at k = 1 (Friberg & Sundberg 1999 heard 0.3 … 0.7 in recordings). */
const RITARD_END = 0.6;
/** Curvature q of v(x) = [1 + (w^q − 1) x]^(1/q); 3 is a runner who brakes with constant power. */
const RITARD_CURVATURE = 3;
const RITARD_BARS = 2;

/**
 * The score's tempos with phrase arches and a final ritard: one event a quarter note where the tempo bends. Bars and
 * notes keep their ticks, so the piece can still be edited and read.
 */
export function bendTempos(
  score: Score,
  phrases: readonly Phrase[],
  bpmAt: (tick: Tick) => number,
  endTick: Tick,
  k: { readonly phraseArch: number; readonly finalRitard: number },
): readonly TempoEvent[] {
  if ((k.phraseArch === 0 && k.finalRitard === 0) || endTick === 0) return score.tempos;
  const ritard = ritardSpan(score, endTick);
  const factorAt = (tick: Tick): number => {
    const phrase = phraseAt(phrases, tick);
    const arch = phrase ? 1 + k.phraseArch * ARCH_TEMPO * (archAt(phrase, tick) - 2 / 3) : 1;
    const x = (tick - ritard.start) / Math.max(1, ritard.end - ritard.start);
    if (x <= 0 || k.finalRitard === 0) return arch;
    const w = RITARD_END ** k.finalRitard;
    return arch * (1 + (w ** RITARD_CURVATURE - 1) * Math.min(1, x)) ** (1 / RITARD_CURVATURE);
  };
  const ticks = new Set(score.tempos.map(({ tick }) => tick));
  for (let tick = 0; tick < endTick; tick += score.ticksPerQuarter) ticks.add(tick);
  return [...ticks]
    .sort((a, b) => a - b)
    .map((tick) => ({ tick, bpm: bpmAt(tick) * factorAt(Math.min(tick, endTick)) }));
}

/** The last two bars, or the last quarter of a shorter piece, up to the onset of the last note. */
function ritardSpan(score: Score, endTick: Tick): Phrase {
  const meters = createMeterMap(score);
  const bars = meters.barCount(endTick);
  const length = Math.min(RITARD_BARS, bars / 4);
  const start = meters.barStart(Math.max(0, Math.floor(bars - length)));
  const last = score.tracks.reduce(
    (latest, { notes }) => notes.reduce((t, note) => Math.max(t, note.start), latest),
    start,
  );
  return { start, end: Math.max(last, start + 1) };
}

/** Breath before a phrase's end and between repeated notes, as a share of the note, at most 100 ms. */
const BREATH_SHARE = 0.2;
const LONGEST_BREATH = 0.1;

export function applyPunctuation(
  score: Score,
  phrases: readonly Phrase[],
  all: readonly Deviations[],
  secondsBetween: (start: Tick, end: Tick) => number,
  k: number,
): void {
  const ends = new Set(phrases.map(({ end }) => end));
  score.tracks.forEach(({ notes, isDrum }, t) => {
    if (isDrum) return;
    const nextOf = new Map<number, Tick>(); // next onset of each pitch, from the end
    for (let i = notes.length - 1; i >= 0; i--) {
      const { start, duration, pitch } = notes[i]!;
      const end = start + duration;
      if (nextOf.get(pitch) === end || ends.has(end)) {
        all[t]!.breath[i]! += k * Math.min(LONGEST_BREATH, BREATH_SHARE * secondsBetween(start, end));
      }
      nextOf.set(pitch, start);
    }
  });
}

/** Seconds by which the melody comes before what sounds with it, and dB above it, at k = 1 (Goebl 2001: 20 … 30 ms). */
const LEAD_SECONDS = 0.02;
const LEAD_LEVEL = 3;

export function applyMelodyLead(
  score: Score,
  melody: Melody | undefined,
  all: readonly Deviations[],
  k: number,
): void {
  if (melody === undefined || score.tracks.filter(({ notes }) => notes.length > 0).length === 0) return;
  const own = new Set(melody.notes);
  const isMelody = (t: number, i: number): boolean => t === melody.track && own.has(i);
  const onsets = new Set(melody.notes.map((i) => score.tracks[melody.track]!.notes[i]!.start));
  score.tracks.forEach(({ notes, isDrum }, t) => {
    if (isDrum) return;
    notes.forEach(({ start }, i) => {
      if (isMelody(t, i)) all[t]!.level[i]! += (k * LEAD_LEVEL) / 2;
      else {
        all[t]!.level[i]! -= (k * LEAD_LEVEL) / 2;
        // The melody stays in time: others wait for it, so that nothing starts before the piece does.
        if (onsets.has(start)) all[t]!.delay[i]! += k * LEAD_SECONDS;
      }
    });
  });
}

/**
 * Long over short eighth of swinging musicians at a tempo: half the way from even to the drummers' line of Friberg &
 * Sundström (2002), which falls from 3.5 at 80 quarters a minute to 1 at 300; triplets (2) near 120.
 */
export function swingRatio(bpm: number, k = 1): number {
  const drummers = Math.min(3.5, Math.max(1, 3.5 - (2.5 * (bpm - 80)) / 220));
  return Math.max(1, 1 + (k * (drummers - 1)) / 2);
}

/** Delays what begins in the second half of a beat, so that halves relate as the swing ratio; triplets stay. */
export function applySwing(
  score: Score,
  all: readonly Deviations[],
  bpmAt: (tick: Tick) => number,
  k: number,
): void {
  if (swings(score)) {
    const quarter = score.ticksPerQuarter;
    score.tracks.forEach(({ notes }, t) =>
      notes.forEach(({ start }, i) => {
        if (start % quarter !== quarter / 2) return;
        const bpm = bpmAt(start);
        const ratio = swingRatio(bpm, k);
        all[t]!.delay[i]! += (ratio / (1 + ratio) - 0.5) * (60 / bpm);
      }),
    );
  }
}

/** Whether the score is written with even eighths: swing written out as triplets is left alone. */
function swings(score: Score): boolean {
  const quarter = score.ticksPerQuarter;
  let even = 0;
  let triplet = 0;
  for (const { notes } of score.tracks) {
    for (const { start } of notes) {
      if (start % quarter === quarter / 2) even++;
      if (start % quarter === Math.round((2 * quarter) / 3)) triplet++;
    }
  }
  return even > triplet;
}

/** Standard deviations at k = 1: of each note's time and level, and of the slow drift of a player (1/f). */
const MOTOR_SECONDS = 0.004;
const DRIFT_SECONDS = 0.006;
const NOISE_LEVEL = 0.7;

/** Drift is pink noise (Voss & Clarke 1978: sums of values renewed every 1, 2, 4 … notes), one player a track. */
export function applyNoise(score: Score, all: readonly Deviations[], rng: Rng, k: number): void {
  score.tracks.forEach(({ notes }, t) => {
    const player = rng.fork(`player ${t}`);
    const octaves = new Float64Array(6);
    let chord = 0;
    notes.forEach((note, i) => {
      if (i === 0 || note.start !== notes[i - 1]!.start) {
        chord++;
        for (let o = 0; o < octaves.length; o++) if (chord % 2 ** o === 0) octaves[o] = player.normal();
      }
      const drift = octaves.reduce((sum, x) => sum + x, 0) / Math.sqrt(octaves.length);
      all[t]!.delay[i]! += k * (DRIFT_SECONDS * drift + MOTOR_SECONDS * player.normal());
      all[t]!.level[i]! += k * NOISE_LEVEL * player.normal();
    });
  });
}
