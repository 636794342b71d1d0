import { AttuneError, createScore, createTempoMap, type Note, type Score } from '@attune/core';
import { findBandParts } from '../performance/band-parts.ts';
import { KIT_CLASSES, kitClassOf } from '../performance/kit-classes.ts';
import { findMelody } from '../performance/melody.ts';
import { GRID_PER_QUARTER, gridOfLines, lineOf, type VoiceGrid } from './voice-grid.ts';
import { HOLD, REST, VOICE_CODES, type Voice } from './voices.ts';

/** Voices on the grid with what the grid does not hold. */
export interface VoicedPiece {
  readonly grid: VoiceGrid;
  /** Quarters a minute at its first note. */
  readonly bpm: number;
  /** General MIDI programs 0–127, one a voice. */
  readonly programs: readonly number[];
}

/** The notes of one voice in a score, in order of time, and who plays them. */
interface FoundVoice {
  readonly notes: readonly Note[];
  readonly program: number;
}

const TICKS_PER_QUARTER = 480;
const VELOCITY = 88;

/** What is said where a voice is missing. */
const ABSENT: Readonly<Record<Voice, string>> = {
  melody: 'no melody (no pitched notes)',
  bass: 'no bass (no track of a bass instrument)',
  drums: 'no drums (no strokes of a drum kit)',
};

/**
 * The voices of a score from its first bar on: the melody (`findMelody`), the bass instrument with most notes, and all drums of
 * the kit. Onsets and ends go to the nearest sixteenth; of notes of a line that begin in one step the first is kept. Throws
 * `argument/invalid` naming the voices that the music does not have.
 */
export function readVoices(score: Score, voices: readonly Voice[]): VoicedPiece {
  const all = findVoices(score);
  const absent = voices.filter((voice) => !all[voice]);
  if (absent.length > 0) {
    throw new AttuneError(
      'argument/invalid',
      `The music has ${absent.map((voice) => ABSENT[voice]).join(' and ')}.`,
      {
        missing: absent.join(', '),
      },
    );
  }
  const found = voices.map((voice) => all[voice]!);
  const stepOf = (tick: number): number => Math.round((tick * GRID_PER_QUARTER) / score.ticksPerQuarter);
  const lines = found.map(({ notes }, v) =>
    voices[v] === 'drums' ? drumLine(notes, stepOf) : pitchLine(notes, stepOf),
  );
  const steps = Math.max(...lines.map(({ length }) => length));
  const even = lines.map((line, v) => {
    const whole = new Uint16Array(steps).fill(VOICE_CODES[voices[v]!].silent);
    whole.set(line);
    return whole;
  });
  return {
    grid: gridOfLines(even),
    bpm: createTempoMap(score).bpmAt(Math.min(...found.map(({ notes }) => notes[0]!.start))),
    programs: found.map(({ program }) => program),
  };
}

function findVoices(score: Score): Partial<Record<Voice, FoundVoice>> {
  const melody = findMelody(score);
  const parts = findBandParts(score.tracks, melody?.track);
  const bass = parts.bass
    .map((i) => score.tracks[i]!)
    .reduce<Score['tracks'][number] | undefined>(
      (most, track) => (track.notes.length > (most?.notes.length ?? 0) ? track : most),
      undefined,
    );
  const strokes = parts.drums
    .flatMap((i) => score.tracks[i]!.notes)
    .filter(({ pitch }) => kitClassOf(pitch) !== undefined)
    .sort((a, b) => a.start - b.start);
  const player = melody && score.tracks[melody.track]!;
  return {
    ...(player && {
      melody: { notes: melody.notes.map((i) => player.notes[i]!), program: player.program },
    }),
    ...(bass && { bass: { notes: bass.notes, program: bass.program } }),
    ...(strokes.length > 0 && {
      drums: { notes: strokes, program: score.tracks[parts.drums[0]!]!.program },
    }),
  };
}

function pitchLine(notes: readonly Note[], stepOf: (tick: number) => number): VoiceGrid {
  const placed: { start: number; end: number; pitch: number }[] = [];
  for (const { start, duration, pitch } of notes) {
    const step = stepOf(start);
    const last = placed.at(-1);
    if (last?.start === step) continue;
    if (last && last.end > step) last.end = step;
    placed.push({ start: step, end: Math.max(step + 1, stepOf(start + duration)), pitch });
  }
  const line = new Uint16Array(placed.at(-1)?.end ?? 0).fill(REST);
  for (const { start, end, pitch } of placed) {
    line.fill(HOLD, start, end);
    line[start] = pitch;
  }
  return line;
}

/** Strokes ring on: the line ends with the quarter of the last one. */
function drumLine(notes: readonly Note[], stepOf: (tick: number) => number): VoiceGrid {
  const quarters = Math.floor(stepOf(notes.at(-1)!.start) / GRID_PER_QUARTER) + 1;
  const line = new Uint16Array(quarters * GRID_PER_QUARTER);
  for (const { start, pitch } of notes) line[stepOf(start)]! |= 1 << kitClassOf(pitch)!;
  return line;
}

/** The voices as a score in 4/4, a track each, the highest voice first. A hold that follows no note is silent. */
export function scoreOfVoices(
  { grid, bpm, programs }: VoicedPiece,
  voices: readonly Voice[],
  title = '',
): Score {
  const tracks = voices.map((voice, v) => {
    const line = lineOf(grid, voices, voice);
    return {
      name: voice,
      program: programs[v]!,
      isDrum: voice === 'drums',
      notes: voice === 'drums' ? strokesOf(line) : notesOf(line),
    };
  });
  return createScore({
    ticksPerQuarter: TICKS_PER_QUARTER,
    title,
    tracks: tracks.reverse(),
    tempos: [{ tick: 0, bpm }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
  });
}

const TICKS_PER_STEP = TICKS_PER_QUARTER / GRID_PER_QUARTER;

function notesOf(line: VoiceGrid): Note[] {
  const notes: { start: number; duration: number; pitch: number; velocity: number }[] = [];
  let isSounding = false;
  line.forEach((value, step) => {
    if (value < HOLD) {
      notes.push({
        start: step * TICKS_PER_STEP,
        duration: TICKS_PER_STEP,
        pitch: value,
        velocity: VELOCITY,
      });
    } else if (value === HOLD && isSounding) notes.at(-1)!.duration += TICKS_PER_STEP;
    isSounding = value < HOLD || (value === HOLD && isSounding);
  });
  return notes;
}

function strokesOf(line: VoiceGrid): Note[] {
  return Array.from(line).flatMap((value, step) =>
    KIT_CLASSES.flatMap(([key], i) =>
      value & (1 << i)
        ? [{ start: step * TICKS_PER_STEP, duration: TICKS_PER_STEP, pitch: key, velocity: VELOCITY }]
        : [],
    ),
  );
}
