import { AttuneError, createScore, type Note, type Score, type Track } from '@attune/core';
import { analyseScore, type Conditioning } from '@attune/core/style';
import {
  barStepsOf,
  canonicalShift,
  compoundToGrid,
  DRUM_INSTRUMENT,
  DRUM_PITCH_OFFSET,
  DURATIONS,
  encodeCompound,
  fromGrid,
  STEPS_PER_QUARTER,
  velocityOfBin,
  type GridNote,
  type Meter,
} from '@attune/core/tokens';
import { compareNotes } from './task-window.ts';

/** Music that a task starts from, on the grid and in the canonical key. */
export interface GivenMusic {
  readonly score: Score;
  readonly notes: readonly GridNote[];
  readonly bars: number;
  readonly meter: Meter;
  readonly barSteps: number;
  /** Semitones from sounding to canonical pitch. */
  readonly shift: number;
  /** What the music says about wishes that a request leaves open. */
  readonly conditioning: Conditioning & { readonly instruments: readonly number[] };
  /** Does every bar of the grid lie where it lies in the score? Then the score itself can be written into. */
  readonly isAligned: boolean;
}

/** Quarters a minute by which a wish may differ from what is played. */
const TEMPO_TOLERANCE = 0.5;

/** Throws `argument/invalid` for music without notes, or in another meter or tempo than the one wished for. */
export function readGivenMusic(score: Score, wish: Conditioning): GivenMusic {
  if (score.tracks.every(({ notes }) => notes.length === 0))
    throw new AttuneError('argument/invalid', 'Nothing is given: the music has no notes.');
  const { tempo, meter, tonic, mode, instruments } = analyseScore(score);
  const key = { tonic: wish.tonic ?? tonic, mode: wish.mode ?? mode };
  const shift = key.tonic !== undefined && key.mode !== undefined ? canonicalShift(key.tonic, key.mode) : 0;
  const { loss, ...sequence } = encodeCompound(score, { shift });
  const barSteps = barStepsOf(sequence.meter);
  if (wish.meter && barStepsOf(wish.meter) !== barSteps) {
    const name = ({ numerator, denominator }: Meter): string => `${numerator}/${denominator}`;
    throw new AttuneError(
      'argument/invalid',
      `The given music is in ${name(sequence.meter)}; it cannot be written on in ${name(wish.meter)}.`,
    );
  }
  const played = Math.min(400, Math.max(10, tempo));
  if (wish.tempo !== undefined && Math.abs(wish.tempo - played) > TEMPO_TOLERANCE) {
    throw new AttuneError(
      'argument/invalid',
      `The given music is played at ${played.toFixed(1)} quarters a minute, and stays so; leave the tempo open.`,
      { tempo: wish.tempo },
    );
  }
  const moved =
    loss.flattenedMeters + loss.addedSilence + loss.shortenedGaps + loss.foldedPitches + loss.movedDrums;
  return {
    score,
    notes: compoundToGrid(sequence).notes,
    bars: sequence.bars,
    meter: sequence.meter,
    barSteps,
    shift,
    conditioning: {
      tempo: played,
      meter: { numerator: meter.numerator, denominator: meter.denominator },
      ...(tonic !== undefined && { tonic }),
      ...(mode !== undefined && { mode }),
      instruments,
    },
    isAligned: moved === 0,
  };
}

/**
 * The given score with only the `kept` of its notes, and the written ones beside them. Kept notes, tempos and
 * controllers stay as they were played; a score whose bars the grid had to move comes back on the grid instead.
 */
export function writeIntoScore(
  given: GivenMusic,
  kept: readonly GridNote[],
  written: readonly GridNote[],
): Score {
  const { score, bars, meter, shift, conditioning } = given;
  if (!given.isAligned) {
    const notes = [...kept, ...written].sort(compareNotes);
    return fromGrid({ notes, bars, meter, shift }, { tempo: conditioning.tempo ?? 120, title: score.title });
  }
  const keeps = keptIn(given, kept);
  const tracks = score.tracks.map((track) => ({
    ...track,
    notes: track.notes.filter((note) => keeps(track, note)),
  }));
  for (const instrument of new Set(written.map((note) => note.instrument))) {
    const own = written.filter((note) => note.instrument === instrument);
    const notes = own.map((note) => noteOf(note, given));
    const isDrum = instrument === DRUM_INSTRUMENT;
    const home = tracks.findIndex((track) => instrumentOf(track) === instrument);
    if (home >= 0) tracks[home] = { ...tracks[home]!, notes: [...tracks[home]!.notes, ...notes] };
    else tracks.push({ name: '', program: isDrum ? 0 : instrument, isDrum, notes, controls: [], bends: [] });
  }
  return createScore({ ...score, tracks: tracks.filter(({ notes }) => notes.length > 0) });
}

function keptIn(given: GivenMusic, kept: readonly GridNote[]): (track: Track, note: Note) => boolean {
  const { score, barSteps, shift } = given;
  const nameOf = (step: number, instrument: number, pitch: number): string =>
    `${step} ${instrument} ${pitch}`;
  const names = new Set(
    kept.map((note) => nameOf(note.bar * barSteps + note.position, note.instrument, note.pitch)),
  );
  return (track, note) => {
    const step = Math.round((note.start * STEPS_PER_QUARTER) / score.ticksPerQuarter);
    const pitch = track.isDrum ? note.pitch + DRUM_PITCH_OFFSET : note.pitch + shift;
    return names.has(nameOf(step, instrumentOf(track), pitch));
  };
}

function noteOf(note: GridNote, { score, barSteps, shift }: GivenMusic): Note {
  const ticks = (steps: number): number => Math.round((steps * score.ticksPerQuarter) / STEPS_PER_QUARTER);
  const start = note.bar * barSteps + note.position;
  const isDrum = note.instrument === DRUM_INSTRUMENT;
  return {
    start: ticks(start),
    duration: Math.max(1, ticks(start + DURATIONS[note.duration]!) - ticks(start)),
    pitch: isDrum ? note.pitch - DRUM_PITCH_OFFSET : Math.min(127, Math.max(0, note.pitch - shift)),
    velocity: velocityOfBin(note.velocity),
  };
}

function instrumentOf(track: Track): number {
  return track.isDrum ? DRUM_INSTRUMENT : track.program;
}
