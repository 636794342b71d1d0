import type { Midi } from '@tonejs/midi';
import type { Score } from '../score/score.ts';
import { TEXT_KINDS, toneChannels } from './tonejs.ts';

/** What one score loses in a `Midi` of @tonejs/midi. */
export type ToToneLoss =
  /** Controllers of `tick` come back ordered by number. */
  | { readonly kind: 'controlOrder'; readonly track: number; readonly tick: number }
  /** The 120 bpm before a first tempo at `tick` are written out as a tempo of their own. */
  | { readonly kind: 'impliedTempo'; readonly tick: number }
  /** The track takes the channel of an earlier one, so a file or player cannot tell their controllers apart. */
  | {
      readonly kind: 'sharedChannel';
      readonly track: number;
      readonly channel: number;
      readonly with: number;
    };

/** What `scoreToToneMidi(score)` cannot hold of it: empty exactly where `toneMidiToScore` gives the score back. */
export function lossesToToneMidi(score: Score): ToToneLoss[] {
  const losses: ToToneLoss[] = [];
  const firstTempo = score.tempos[0]?.tick ?? 0;
  if (firstTempo > 0) losses.push({ kind: 'impliedTempo', tick: firstTempo });
  score.tracks.forEach(({ controls }, track) => {
    const ticks = new Set<number>();
    for (let i = 1; i < controls.length; i++) {
      const [before, after] = [controls[i - 1]!, controls[i]!];
      if (before.tick === after.tick && before.controller > after.controller) ticks.add(after.tick);
    }
    for (const tick of ticks) losses.push({ kind: 'controlOrder', track, tick });
  });
  const first = new Map<number, number>();
  toneChannels(score.tracks).forEach((channel, track) => {
    const earlier = first.get(channel);
    if (earlier === undefined) first.set(channel, track);
    else losses.push({ kind: 'sharedChannel', track, channel, with: earlier });
  });
  return losses;
}

/** What a `Midi` of @tonejs/midi loses in a Score. */
export type FromToneLoss =
  /** Note `index` of the track ends with a velocity, 0 … 1. */
  | {
      readonly kind: 'releaseVelocity';
      readonly track: number;
      readonly index: number;
      readonly velocity: number;
    }
  /** The track ends at `tick`, behind its last note. */
  | { readonly kind: 'endOfTrack'; readonly track: number; readonly tick: number }
  /** A meta event of a type that a Score does not hold. */
  | { readonly kind: 'meta'; readonly tick: number; readonly type: string }
  /** A velocity, controller or bend between two steps of MIDI; `value` in steps. */
  | {
      readonly kind: 'rounded';
      readonly track: number;
      readonly list: 'notes' | 'controls' | 'bends';
      readonly tick: number;
      readonly value: number;
    };

/** What `toneMidiToScore(midi)` leaves out or rounds. */
export function lossesFromToneMidi(midi: Midi): FromToneLoss[] {
  const losses: FromToneLoss[] = [];
  for (const { ticks, type } of midi.header.meta)
    if (!TEXT_KINDS.has(type)) losses.push({ kind: 'meta', tick: ticks, type });
  midi.tracks.forEach((toneTrack, track) => {
    const round = (list: 'notes' | 'controls' | 'bends', tick: number, value: number): void => {
      if (Math.abs(value - Math.round(value)) > ROUNDING)
        losses.push({ kind: 'rounded', track, list, tick, value });
    };
    let end = 0;
    toneTrack.notes.forEach((note, index) => {
      end = Math.max(end, note.ticks + note.durationTicks);
      round('notes', note.ticks, note.velocity * 127);
      if (note.noteOffVelocity > 0)
        losses.push({ kind: 'releaseVelocity', track, index, velocity: note.noteOffVelocity });
    });
    for (const change of Object.values(toneTrack.controlChanges).flat())
      round('controls', change.ticks, change.value * 127);
    for (const bend of toneTrack.pitchBends)
      if (bend.value < 1) round('bends', bend.ticks, bend.value * 8192);
    const { endOfTrackTicks } = toneTrack;
    if (endOfTrackTicks !== undefined && endOfTrackTicks > end)
      losses.push({ kind: 'endOfTrack', track, tick: endOfTrackTicks });
  });
  return losses;
}

/** Steps by which floating point may miss a whole number. */
const ROUNDING = 1e-6;
