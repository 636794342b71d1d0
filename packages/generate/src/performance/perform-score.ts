import {
  AttuneError,
  createRng,
  createScore,
  createTempoMap,
  findKey,
  rescaleScore,
  scoreEndTick,
  type Note,
  type Score,
  type Tick,
  type Track,
} from '@attune/core';
import type { Style } from '@attune/core/style';
import { createDeviations, isMechanical, louder, type Deviations } from './deviations.ts';
import { applyDrumGroove } from './drum-groove.ts';
import { DRUM_GROOVES } from './drum-groove-tables.ts';
import {
  applyDurationContrast,
  applyHighLoud,
  applyMelodicCharge,
  applyMetricalAccent,
  applyPhraseDynamics,
} from './dynamics-rules.ts';
import { findMelody } from './melody.ts';
import { findPhrases } from './phrases.ts';
import { resolveRules, type PerformanceRules } from './rules.ts';
import { applyMelodyLead, applyNoise, applyPunctuation, applySwing, bendTempos } from './timing-rules.ts';

/** By whom and how strictly a piece is played. */
export interface PerformanceOptions {
  /** Of the differences that nobody intends. */
  readonly seed: number;
  /** Decides whether eighths swing and which drummers play. */
  readonly style?: Style;
  /** Quantities that differ from `DEFAULT_RULES`. */
  readonly rules?: Partial<PerformanceRules>;
}

/** Fine enough for a delay of a millisecond at 240 quarters a minute. */
const LEAST_RESOLUTION = 480;
const SWINGING: readonly Style[] = ['drums-jazz', 'jazz', 'standards'];

/**
 * Plays a score as musicians would: dynamics, accents, phrasing, swing, a ritard, small differences of time. Ticks
 * stay where bars and tempo bends are concerned (tempos change instead), and notes move against them only by what
 * players of an ensemble differ. Loudness is shaped where a track has no dynamics of its own. The same score, seed
 * and rules give the same performance; with all rules 0 the music is unchanged (at 480 ticks a quarter or more).
 *
 * @throws AttuneError `argument/invalid` for a seed that is no whole number, an unknown rule or a quantity beyond ±4.
 */
export function performScore(score: Score, options: PerformanceOptions): Score {
  const { seed, style } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new AttuneError('argument/invalid', `A seed is a whole number from 0, not ${seed}.`, { seed });
  }
  const rules = resolveRules(options.rules);
  const fine = atLeast(score, LEAST_RESOLUTION);
  const endTick = scoreEndTick(fine);
  if (endTick === 0) return fine;
  const flat = fine.tracks.map(isMechanical);
  const { secondsBetween, bpmAt } = createTempoMap(fine);
  const phrases = findPhrases(fine);
  const melody = findMelody(fine);
  const all = fine.tracks.map(({ notes }) => createDeviations(notes.length));

  applyPhraseDynamics(fine, phrases, all, rules.phraseArch);
  applyHighLoud(fine, all, rules.highLoud);
  applyMelodicCharge(fine, all, tonicsOf(fine), rules.melodicCharge);
  applyDurationContrast(fine, all, secondsBetween, rules.durationContrast);
  applyMetricalAccent(fine, all, rules.metricalAccent);
  applyPunctuation(fine, phrases, all, secondsBetween, rules.punctuation);
  applyMelodyLead(fine, melody, all, rules.melodyLead);
  // Levels so far are for tracks without dynamics of their own.
  all.forEach(({ level }, t) => void (flat[t] || level.fill(0)));
  const groove = style && DRUM_GROOVES[style];
  if (groove) applyDrumGroove(fine, all, groove, (t) => flat[t]!, rules.drumGroove);
  if (style && SWINGING.includes(style)) applySwing(fine, all, bpmAt, rules.swing);
  applyNoise(fine, all, createRng(seed).fork('performance'), rules.noise);

  return createScore({
    ...fine,
    tracks: fine.tracks.map((track, t) => playTrack(track, all[t]!, fine.ticksPerQuarter, bpmAt)),
    tempos: bendTempos(fine, phrases, bpmAt, endTick, rules),
  });
}

/** The score at a resolution of at least `least` that its own divides, so that no tick is rounded. */
function atLeast(score: Score, least: number): Score {
  return rescaleScore(score, score.ticksPerQuarter * Math.ceil(least / score.ticksPerQuarter));
}

function playTrack(
  track: Track,
  { level, delay, breath }: Deviations,
  ticksPerQuarter: number,
  bpmAt: (tick: Tick) => number,
): Track {
  const played: Note[] = track.notes.map((note, i) => {
    const ticksPerSecond = (bpmAt(note.start) / 60) * ticksPerQuarter;
    const start = Math.max(0, note.start + Math.round(delay[i]! * ticksPerSecond));
    const shorter = Math.round(breath[i]! * ticksPerSecond);
    return {
      ...note,
      start,
      duration: note.duration === 0 ? 0 : Math.max(1, note.duration - shorter),
      velocity: level[i] === 0 ? note.velocity : louder(note.velocity, level[i]!),
    };
  });
  return { ...track, notes: withoutCollisions(played, track.notes) };
}

/** A note that was over before the next of its pitch began still is: players lift the finger first. */
function withoutCollisions(played: Note[], written: readonly Note[]): Note[] {
  const before = new Map<number, number>(); // index of the last note of each pitch
  written.forEach((note, i) => {
    const last = before.get(note.pitch);
    if (last !== undefined && written[last]!.start + written[last]!.duration <= note.start) {
      const room = played[i]!.start - played[last]!.start;
      if (room < 1) played[i] = { ...played[i]!, start: played[last]!.start + 1 };
      const most = Math.max(1, room);
      if (played[last]!.duration > most) played[last] = { ...played[last]!, duration: most };
    }
    before.set(note.pitch, i);
  });
  return played;
}

/** Pitch class of the tonic in force: written keys, else the key that the notes suggest. */
function tonicsOf(score: Score): (tick: Tick) => number {
  if (score.keys.length > 0) {
    const tonics = score.keys.map(({ tick, fifths, mode }) => ({
      tick,
      tonic: (((7 * fifths + (mode === 'minor' ? 9 : 0)) % 12) + 12) % 12,
    }));
    return (tick) => (tonics.findLast((key) => key.tick <= tick) ?? tonics[0]!).tonic;
  }
  const hasPitch = score.tracks.some(({ isDrum, notes }) => !isDrum && notes.length > 0);
  const tonic = hasPitch ? (findKey(score)?.tonic ?? 0) : 0;
  return () => tonic;
}
