import { createScore, type MidiPitch, type Score } from '@attune/core';
import { clipLength, measurePeak, mixToMono, sliceClip, type AudioClip } from '@attune/core/audio';
import { renderScore } from '@attune/core/synth';
import { BINS, FRAME_RATE_HERTZ, framesOfClip, FRAMES_PER_SECOND } from './frames.ts';
import type { PitchedFrames } from './train-spectral.ts';

/** General MIDI programs with a pitch: no effects, no percussion, neither timpani nor the orchestra hit. */
export const TONE_PROGRAMS: readonly number[] = Array.from({ length: 96 }, (_, program) => program).filter(
  (program) => program !== 47 && program !== 55,
);
/** C2 to C6. */
export const TONE_PITCHES = { lowest: 36, highest: 84 } as const;

/** One note of one program. */
export interface Tone {
  readonly program: number;
  readonly pitch: MidiPitch;
}

/** A tone's sound. */
export interface SoundingTone extends Tone {
  readonly clip: AudioClip;
}

/** At 60 bpm a quarter is a second. */
const TICKS = 480;
const SPACING = 0.6; // seconds from tone to tone
const LENGTH = 0.5;
/** Frames of a tone that are learned lie between these seconds: the attack is left out. */
const STEADY = { from: 0.08, to: 0.42 };

/** Every program at every fourth pitch, each program starting at another one, so that all pitches have programs. */
export function tonesOf(programs: readonly number[]): Tone[] {
  const { lowest, highest } = TONE_PITCHES;
  return programs.flatMap((program) => {
    const pitches: Tone[] = [];
    for (let pitch = lowest + (program % 4); pitch <= highest; pitch += 4) pitches.push({ program, pitch });
    return pitches;
  });
}

/** Plays the tones one after the other without effects, and cuts them apart. */
export async function renderTones(tones: readonly Tone[], soundFont: Uint8Array): Promise<SoundingTone[]> {
  if (tones.length === 0) return [];
  const clip = await renderScore(scoreOfTones(tones), soundFont, {
    sampleRate: FRAME_RATE_HERTZ,
    effects: false,
    tailSeconds: SPACING,
    gain: 1,
  });
  const mono = mixToMono(clip);
  return tones.map((tone, i) => ({ ...tone, clip: sliceClip(mono, i * SPACING, (i + 1) * SPACING) }));
}

/** Steady frames of the tones that sound at all; every `step`th one. */
export function framesOfTones(tones: readonly SoundingTone[], step: number): PitchedFrames {
  const rows: Float32Array[] = [];
  const pitches: number[] = [];
  for (const { clip, pitch } of tones) {
    if (clipLength(clip) === 0 || measurePeak(clip) < 1e-4) continue;
    const { count, level, shape } = framesOfClip(clip);
    const first = Math.ceil(STEADY.from * FRAMES_PER_SECOND);
    const last = Math.min(count - 1, Math.floor(STEADY.to * FRAMES_PER_SECOND));
    for (let t = first; t <= last; t += step) {
      if (level[t]! < -50) continue;
      rows.push(shape.slice(t * BINS, (t + 1) * BINS));
      pitches.push(pitch);
    }
  }
  return { shape: joinRows(rows), pitches };
}

/** [rows of all, …] one after the other. */
export function joinRows(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

function scoreOfTones(tones: readonly Tone[]): Score {
  const programs = [...new Set(tones.map(({ program }) => program))];
  return createScore({
    ticksPerQuarter: TICKS,
    tempos: [{ tick: 0, bpm: 60 }],
    tracks: programs.map((program) => ({
      program,
      notes: tones.flatMap((tone, i) =>
        tone.program === program
          ? [
              {
                start: Math.round(i * SPACING * TICKS),
                duration: LENGTH * TICKS,
                pitch: tone.pitch,
                velocity: 96,
              },
            ]
          : [],
      ),
    })),
  });
}
