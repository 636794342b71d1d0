import { expect } from 'vitest';
import type { Note, Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import type { EncodingLoss } from './encoding-loss.ts';

/**
 * Compares a score with what came back, and the difference with what the encoding said of it. Of the encoding it
 * knows but the time that it keeps: quarters at any tempo, or (`midi-like-1`) the clock.
 */
export function verifyLoss(score: Score, back: Score, loss: EncodingLoss, shift: number, name: string): void {
  const isClock = name === 'midi-like-1';
  const pitchOf = (isDrum: boolean, pitch: number): number =>
    isDrum ? (isClock ? pitch : generalMidiKey(pitch)) : fold(fold(pitch + shift) - shift);
  const original = notesByVoice(score, pitchOf);
  const decoded = notesByVoice(back, (_, pitch) => pitch);
  expect([...decoded.keys()].sort()).toEqual([...original.keys()].sort());
  let merged = 0;
  for (const [voice, notes] of original) merged += notes.length - decoded.get(voice)!.length;
  expect(loss.mergedDuplicates).toBe(merged);

  const marks = score.keys.length + score.texts.length;
  const controls = score.tracks.reduce((sum, track) => sum + track.controls.length + track.bends.length, 0);
  expect([loss.droppedMarks, loss.droppedControls]).toEqual([marks, controls]);
  const filled = score.tracks.filter((track) => track.notes.length > 0).length;
  expect(loss.mergedTracks).toBe(filled - back.tracks.length);

  if (loss.addedSilence > 0 || loss.droppedBars > 0) return; // notes can then not be found by their time
  const found = measure(score, back, original, decoded, isClock);
  if (!found) return;
  expect([loss.quantisedOnsets, loss.quantisedVelocities, loss.maxVelocityChange]).toEqual([
    found.moved,
    found.velocities,
    found.velocity,
  ]);
  expect(loss.maxOnsetShift).toBeCloseTo(found.shift, 6);
  expect(loss.maxOnsetShiftSeconds).toBeCloseTo(found.shiftSeconds, 6);
  expect(loss.maxDurationChange).toBeCloseTo(found.length, 6);
  expect(loss.maxDurationChangeSeconds).toBeCloseTo(found.lengthSeconds, 6);
}

/** Undefined where a note lies in the middle of two that came back, and could have become either. */
function measure(
  score: Score,
  back: Score,
  original: ReadonlyMap<string, readonly Note[]>,
  decoded: ReadonlyMap<string, readonly Note[]>,
  isClock: boolean,
) {
  const map = createTempoMap(score);
  const backMap = createTempoMap(back);
  const { ticksPerQuarter } = score;
  /** Where a decoded tick lies on the time line of the score, in its ticks. */
  const placeOf = (tick: number): number =>
    isClock ? map.positionAt(backMap.secondsAt(tick)) : (tick / back.ticksPerQuarter) * ticksPerQuarter;
  /** Between a decoded note and one of the score, in steps of the encoding. */
  const gap = (there: Note, note: Note): number =>
    isClock
      ? Math.abs(backMap.secondsAt(there.start) - map.secondsAt(note.start)) * 100
      : (Math.abs(placeOf(there.start) - note.start) / ticksPerQuarter) * 24;
  const found = {
    moved: 0,
    shift: 0,
    shiftSeconds: 0,
    length: 0,
    lengthSeconds: 0,
    velocities: 0,
    velocity: 0,
  };
  for (const [voice, notes] of original) {
    const kept = decoded.get(voice)!;
    const groups = new Map<Note, Note[]>();
    for (const note of notes) {
      const nearest = kept.reduce((best, other) => (gap(other, note) < gap(best, note) ? other : best));
      const distance = gap(nearest, note);
      if (kept.some((other) => other !== nearest && gap(other, note) - distance < 1e-4)) return undefined;
      groups.set(nearest, [...(groups.get(nearest) ?? []), note]);
      if (distance <= 1e-6) continue;
      const place = placeOf(nearest.start);
      found.moved++;
      found.shift = Math.max(found.shift, Math.abs(place - note.start) / ticksPerQuarter);
      found.shiftSeconds = Math.max(found.shiftSeconds, Math.abs(map.secondsBetween(note.start, place)));
    }
    expect(groups.size).toBe(kept.length);
    for (const [there, from] of groups) {
      const velocity = Math.abs(there.velocity - Math.max(...from.map((note) => note.velocity)));
      found.velocities += velocity > 0 ? 1 : 0;
      found.velocity = Math.max(found.velocity, velocity);
      if (voice.startsWith('drums')) continue;
      const change = lengthChange(there, from);
      found.length = Math.max(found.length, change.quarters);
      found.lengthSeconds = Math.max(found.lengthSeconds, change.seconds);
    }
  }
  return found;

  function lengthChange(there: Note, from: readonly Note[]): { quarters: number; seconds: number } {
    const ends = [there.start, there.start + there.duration];
    const ticks = placeOf(ends[1]!) - placeOf(ends[0]!);
    if (isClock) {
      const last = from.reduce((a, b) => (b.start + b.duration > a.start + a.duration ? b : a));
      const length = map.secondsBetween(last.start, last.start + last.duration);
      const seconds = Math.abs(backMap.secondsBetween(ends[0]!, ends[1]!) - length);
      if (seconds <= 1e-8) return { quarters: 0, seconds: 0 };
      return { quarters: Math.abs(ticks - last.duration) / ticksPerQuarter, seconds };
    }
    const longest = from.reduce((a, b) => (b.duration > a.duration ? b : a));
    const end = longest.start + longest.duration;
    return {
      quarters: Math.abs(ticks - longest.duration) / ticksPerQuarter,
      seconds: Math.abs(map.secondsBetween(end, longest.start + ticks)),
    };
  }
}

/** Notes by instrument and pitch. */
function notesByVoice(
  score: Score,
  pitchOf: (isDrum: boolean, pitch: number) => number,
): Map<string, Note[]> {
  const voices = new Map<string, Note[]>();
  for (const { isDrum, program, notes } of score.tracks) {
    for (const note of notes) {
      const voice = `${isDrum ? 'drums' : program} ${pitchOf(isDrum, note.pitch)}`;
      const list = voices.get(voice) ?? [];
      voices.set(voice, list);
      list.push(note);
    }
  }
  return voices;
}

function fold(pitch: number): number {
  if (pitch < 0) return fold(pitch + 12);
  return pitch > 127 ? fold(pitch - 12) : pitch;
}

/** The hi-hat edges of electronic kits are General MIDI's closed and open hi-hat. */
function generalMidiKey(key: number): number {
  return key === 22 ? 42 : key === 26 ? 46 : key;
}
