import { lastAtEachTick, sortedByTick } from '../score/order.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import type { Score, TempoEvent } from '../score/score.ts';
import { assembleTracks } from './assemble-tracks.ts';
import { DEFAULT_MIDI_LIMITS, exceed, MidiBudget } from './limits.ts';
import type { MidiLimits } from './limits.ts';
import type { RawTrack } from './raw-track.ts';
import { readChunks } from './read-chunks.ts';
import type { Division } from './read-chunks.ts';
import { readTrack, SoundingNotes } from './read-track.ts';
import { createRepairLog, STRICT } from './repairs.ts';
import type { FaultHandler, MidiRepair } from './repairs.ts';

/** How much a file may hold. */
export interface ReadMidiOptions {
  /** Replaces single values of `DEFAULT_MIDI_LIMITS`. */
  readonly limits?: Partial<MidiLimits>;
}

/**
 * Reads a Standard MIDI File (MIDI 1.0, RP-001 v1.0) of format 0, 1 or 2.
 *
 * - Tracks: one for each track chunk, channel and program with notes (see `assembleTracks`); channel 10
 *   plays drums. `title` is the name of the first chunk.
 * - Format 2: the sequences follow one another; one without tempo or meter starts at 120 bpm in 4/4.
 * - SMPTE division: a quarter of the Score is one nominal second (frames × ticks a frame) at 60 bpm, at
 *   29.97 frames 60/1.001 bpm, so seconds are exact. Tempo events have no meaning there and are left out.
 * - Not kept: sysex, pressure, release velocity, unknown meta events, silence after the last note.
 *
 * @throws AttuneError `midi/malformed` (broken grammar) or `midi/limit`, with the byte `offset` as place.
 */
export function readMidi(bytes: Uint8Array, options: ReadMidiOptions = {}): Score {
  return read(bytes, options, STRICT);
}

/**
 * As `readMidi`, but keeps what can be read of a damaged file: cut or missing tracks end where they end,
 * impossible meta events are left out. `repairs` lists each decision. Without a sound header there is
 * nothing to keep: that, and every limit, still throws.
 */
export function readMidiLenient(
  bytes: Uint8Array,
  options: ReadMidiOptions = {},
): { readonly score: Score; readonly repairs: readonly MidiRepair[] } {
  const log = createRepairLog();
  const score = read(bytes, options, log);
  return { score, repairs: log.repairs };
}

function read(bytes: Uint8Array, options: ReadMidiOptions, faults: FaultHandler): Score {
  const limits = { ...DEFAULT_MIDI_LIMITS, ...options.limits };
  const chunks = readChunks(bytes, limits, faults);
  const budget = new MidiBudget(limits);
  const { ticksPerQuarter, tempo } = timeOf(chunks.division);
  const context = { ticksPerQuarter, budget, faults, sounding: new SoundingNotes() };
  let raws = chunks.tracks.map((track) => readTrack(track, context));
  if (chunks.format === 2) raws = inSequence(raws);

  const tracks = assembleTracks(raws, chunks.format !== 2, chunks.format === 0, budget);
  if (tracks.length > limits.tracks) exceed('tracks', limits, bytes.length);
  // Valid and sorted as it stands: every value was checked where it was read.
  const score: Score = {
    ticksPerQuarter,
    title: raws[0]?.name ?? '',
    tracks,
    tempos: tempo ? [tempo] : firstTrackWins(raws.map(temposOf)),
    meters: firstTrackWins(raws.map((raw) => raw.meters)),
    keys: firstTrackWins(raws.map((raw) => raw.keys)),
    texts: sortedByTick(raws.flatMap((raw) => raw.texts)),
  };
  const end = raws.reduce((latest, raw) => Math.max(latest, raw.lastTick), 0);
  if (createTempoMap(score).secondsAt(end) > limits.duration) exceed('duration', limits, bytes.length);
  return score;
}

/** What a tick of the Score is, and the one tempo that SMPTE division implies. */
function timeOf(division: Division): { ticksPerQuarter: number; tempo?: TempoEvent } {
  if (division.kind === 'quarter') return { ticksPerQuarter: division.ticksPerQuarter };
  const isDrop = division.framesPerSecond === 29;
  const nominalFrames = isDrop ? 30 : division.framesPerSecond;
  return {
    ticksPerQuarter: nominalFrames * division.ticksPerFrame,
    tempo: { tick: 0, bpm: isDrop ? 60_000_000 / 1_001_000 : 60 },
  };
}

function temposOf(raw: RawTrack): TempoEvent[] {
  return raw.tempos.map(({ tick, microsecondsPerQuarter }) => ({
    tick,
    bpm: 60_000_000 / microsecondsPerQuarter,
  }));
}

/** Where several chunks state something for one tick, the first chunk wins, and in it its last word. */
function firstTrackWins<T extends { readonly tick: number }>(lists: readonly (readonly T[])[]): T[] {
  return lastAtEachTick(
    lists
      .map((list) => lastAtEachTick(list))
      .reverse()
      .flat(),
  );
}

/** Format 2: moves each sequence to the end of the one before. */
function inSequence(raws: readonly RawTrack[]): RawTrack[] {
  let offset = 0;
  return raws.map((raw) => {
    const shift = offset;
    const at = <T extends { readonly tick: number }>(event: T): T => ({ ...event, tick: event.tick + shift });
    offset += raw.endTick;
    return {
      ...raw,
      parts: raw.parts.map((part) => ({
        ...part,
        notes: part.notes.map((note) => ({ ...note, start: note.start + shift })),
      })),
      channels: raw.channels.map((channel) => ({
        ...channel,
        controls: channel.controls.map(at),
        bends: channel.bends.map(at),
        programs: channel.programs.map(at),
      })),
      tempos: [{ tick: shift, microsecondsPerQuarter: 500_000 }, ...raw.tempos.map(at)],
      meters: [{ tick: shift, numerator: 4, denominator: 4 }, ...raw.meters.map(at)],
      keys: raw.keys.map(at),
      texts: raw.texts.map(at),
      endTick: raw.endTick + shift,
      lastTick: raw.lastTick + shift,
    };
  });
}
