import { CHORD_QUALITIES, createRng } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { packExample, type ExampleProfile } from '@attune/recommend';
import fs from 'node:fs';
import path from 'node:path';
import { sketchPath } from '../../apps/web/src/server/storage/file-store.ts';
import { trackId } from './fill.ts';

const RATIOS = [-1, -1, 0, 0, 0, 0, 1, 1];

/** A made-up piece as searching knows it: 100 to 500 notes, a dozen changes of chord, two to five instruments. */
function profileOf(i: number): ExampleProfile {
  const rng = createRng(3).fork(`piece ${i}`);
  const shares = (count: number): Float64Array => {
    const values = Float64Array.from({ length: count }, () => rng.uniform() ** 3);
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((value) => value / sum);
  };
  const moves = 100 + rng.integer(400);
  const steps = Float64Array.from({ length: moves }, () => Math.round(3 * rng.normal()));
  let octave = 0;
  const ratios = Float64Array.from({ length: moves }, (_, j) => {
    const ratio = j === 0 ? 0 : RATIOS[rng.integer(RATIOS.length)]!;
    if (Math.abs(octave + ratio) > 1) return 0;
    octave += ratio;
    return ratio;
  });
  const quality = (): string => CHORD_QUALITIES[rng.integer(CHORD_QUALITIES.length)]!;
  const instruments = new Float64Array(129);
  shares(2 + rng.integer(4)).forEach((share) => (instruments[rng.integer(129)]! += share));
  return {
    rhythm: shares(28),
    harmony: {
      pitchClasses: shares(12),
      changes: new Map(
        [...shares(12)].map((share) => [`${quality()}>${rng.integer(12)}>${quality()}`, share]),
      ),
    },
    timbre: { kind: 'instruments', shares: instruments },
    melody: { steps, ratios },
  };
}

/** Sketches of so many made-up pieces into a file store, as importing leaves them; the mean of their sizes in bytes. */
export function writeSketches(folder: string, tracks: number): number {
  let bytes = 0;
  for (let i = 0; i < tracks; i++) {
    const file = path.join(folder, 'tracks', trackId(i), 'track.mid');
    const sketch = packExample(profileOf(i));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(sketchPath(file), sketch);
    bytes += sketch.length;
  }
  return bytes / tracks;
}

const HUMMED_NOTES = 11;

/** Onsets in seconds and pitches of eleven notes from inside the melody of a made-up piece, uneven by a twentieth. */
export function stretchOf(i: number): { onsets: number[]; pitches: number[] } {
  const { steps, ratios } = profileOf(i).melody!;
  const rng = createRng(4).fork(`stretch ${i}`);
  const from = 20 + rng.integer(50);
  let [pitch, gap, at] = [60, 0.4, 0];
  const onsets = [0];
  const pitches = [pitch];
  for (let j = from; j < from + HUMMED_NOTES - 1; j++) {
    gap = Math.max(0.2, Math.min(0.8, gap * 2 ** ratios[j]!));
    at += gap * Math.exp(0.05 * rng.normal());
    pitch = Math.max(48, Math.min(76, pitch + steps![j]!));
    onsets.push(at);
    pitches.push(pitch);
  }
  return { onsets, pitches };
}

/** The same hummed: sine tones with soft starts and ends, as a WAV file. */
export function humOf(i: number): Uint8Array {
  const { onsets, pitches } = stretchOf(i);
  const rate = 16_000;
  const samples = new Float32Array(Math.ceil(rate * (onsets.at(-1)! + 0.6)));
  pitches.forEach((pitch, n) => {
    const start = Math.floor(rate * onsets[n]!);
    const length = Math.floor(rate * ((onsets[n + 1] ?? onsets[n]! + 0.5) - onsets[n]!) * 0.85);
    const step = (2 * Math.PI * 440 * 2 ** ((pitch - 69) / 12)) / rate;
    for (let k = 0; k < length; k++)
      samples[start + k] = 0.4 * Math.sin(step * k) * Math.min(1, k / 400, (length - k) / 400);
  });
  return writeWav({ sampleRate: rate, channels: [samples] });
}
