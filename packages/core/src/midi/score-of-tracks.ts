import { lastAtEachTick, sortedByTick } from '../score/order.ts';
import { createTempoMap, DEFAULT_BPM } from '../score/tempo-map.ts';
import type { Score, TempoEvent } from '../score/score.ts';
import { assembleTracks } from './assemble-tracks.ts';
import { exceed } from './limits.ts';
import type { MidiBudget } from './limits.ts';
import type { RawTrack } from './raw-track.ts';
import type { MidiDivision } from './read-chunks.ts';

/** What the header says. */
export interface MidiHeader {
  readonly format: 0 | 1 | 2;
  readonly division: MidiDivision;
}

/** The Score that interpreted tracks make; `end`: the place that a refusal names, the length of the file. */
export function scoreOfTracks(
  tracks: readonly RawTrack[],
  { format, division }: MidiHeader,
  budget: MidiBudget,
  end: number,
): Score {
  const raws = format === 2 ? inSequence(tracks) : tracks;
  const { ticksPerQuarter, tempo } = timeOf(division);
  const scoreTracks = assembleTracks(raws, format !== 2, format === 0, budget);
  if (scoreTracks.length > budget.limits.tracks) exceed('tracks', budget.limits, end);
  // Valid and sorted as it stands: every value was checked where it was read.
  const score: Score = {
    ticksPerQuarter,
    title: raws[0]?.name ?? '',
    tracks: scoreTracks,
    tempos: tempo ? [tempo] : firstTrackWins(raws.map((raw) => raw.tempos)),
    meters: firstTrackWins(raws.map((raw) => raw.meters)),
    keys: firstTrackWins(raws.map((raw) => raw.keys)),
    texts: joined(raws.map((raw) => raw.texts)),
  };
  refuseTooLong(score, raws, budget, end);
  return score;
}

/** Ticks a quarter of a Score of this division. */
export function ticksPerQuarterOf(division: MidiDivision): number {
  return timeOf(division).ticksPerQuarter;
}

/** What a tick of the Score is, and the one tempo that SMPTE division implies. */
function timeOf(division: MidiDivision): { ticksPerQuarter: number; tempo?: TempoEvent } {
  if (division.kind === 'quarter') return { ticksPerQuarter: division.ticksPerQuarter };
  const isDrop = division.framesPerSecond === 29;
  const nominalFrames = isDrop ? 30 : division.framesPerSecond;
  return {
    ticksPerQuarter: nominalFrames * division.ticksPerFrame,
    tempo: { tick: 0, bpm: isDrop ? 60_000_000 / 1_001_000 : 60 },
  };
}

function refuseTooLong(score: Score, raws: readonly RawTrack[], budget: MidiBudget, end: number): void {
  let lastTick = 0;
  for (const raw of raws) if (raw.lastTick > lastTick) lastTick = raw.lastTick;
  const { duration } = budget.limits;
  if (lastTick <= duration * slowestTicksPerSecond(score)) return; // the rule, and it needs no map
  if (createTempoMap(score).secondsAt(lastTick) > duration) exceed('duration', budget.limits, end);
}

function slowestTicksPerSecond({ tempos, ticksPerQuarter }: Score): number {
  let bpm = DEFAULT_BPM; // before the first tempo
  for (const tempo of tempos) if (tempo.bpm < bpm) bpm = tempo.bpm;
  return (bpm / 60) * ticksPerQuarter;
}

/** Where several chunks state something for one tick, the first chunk wins, and in it its last word. */
function firstTrackWins<T extends { readonly tick: number }>(lists: readonly (readonly T[])[]): T[] {
  const stated = lists.filter((list) => list.length > 0);
  if (stated.length === 0) return [];
  if (stated.length === 1) return lastAtEachTick(stated[0]!);
  return lastAtEachTick(
    stated
      .map((list) => lastAtEachTick(list))
      .reverse()
      .flat(),
  );
}

/** All events by tick; at one tick in the order of the chunks. */
function joined<T extends { readonly tick: number }>(lists: readonly (readonly T[])[]): T[] {
  const stated = lists.filter((list) => list.length > 0);
  return stated.length === 0 ? [] : sortedByTick(stated.flat());
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
      tempos: [{ tick: shift, bpm: DEFAULT_BPM }, ...raw.tempos.map(at)],
      meters: [{ tick: shift, numerator: 4, denominator: 4 }, ...raw.meters.map(at)],
      keys: raw.keys.map(at),
      texts: raw.texts.map(at),
      endTick: raw.endTick + shift,
      lastTick: raw.lastTick + shift,
    };
  });
}
