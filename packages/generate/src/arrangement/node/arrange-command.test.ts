import { createScore, createTrack } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arrangeCommand } from './arrange-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'attune-arrange-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A tune over C F G C with its chords written out, no markers. */
function writeTune(): string {
  const roots = [48, 53, 55, 48, 48, 53, 55, 48];
  const chords = roots.flatMap((root, bar) =>
    [0, 4, 7].map((interval) => ({
      start: bar * 1920,
      duration: 1920,
      pitch: root + interval,
      velocity: 70,
    })),
  );
  const tune = roots.flatMap((root, bar) =>
    [24, 28, 31, 28].map((interval, beat) => ({
      start: bar * 1920 + beat * 480,
      duration: 480,
      pitch: root + interval,
      velocity: 80,
    })),
  );
  const file = path.join(folder, 'tune.mid');
  const tracks = [createTrack({ name: 'tune', notes: tune }), createTrack({ name: 'piano', notes: chords })];
  writeFileSync(file, writeMidi(createScore({ ticksPerQuarter: 480, tracks })));
  return file;
}

it('hears melody and chords and writes a band around them', async () => {
  const output = path.join(folder, 'out.mid');
  expect(await arrangeCommand(writeTune(), { style: 'Jazz', seed: '3', output })).toBe(output);
  const score = readMidi(new Uint8Array(readFileSync(output)));
  expect(score.tracks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Melody', 'Comping', 'Bass', 'Drums']),
  );
  const melody = score.tracks.find(({ name }) => name === 'Melody')!.notes.map(({ pitch }) => pitch % 12);
  expect(melody.slice(0, 8)).toEqual([0, 4, 7, 4, 5, 9, 0, 9]);
});

it('says what is wrong', async () => {
  await expect(arrangeCommand(writeTune(), { style: 'polka', seed: '1' })).rejects.toThrow(
    /Nothing is arranged in "polka"/,
  );
  const drums = path.join(folder, 'drums.mid');
  const notes = [{ start: 0, duration: 10, pitch: 36, velocity: 90 }];
  writeFileSync(drums, writeMidi(createScore({ tracks: [createTrack({ isDrum: true, notes })] })));
  await expect(arrangeCommand(drums, { style: 'pop', seed: '1' })).rejects.toThrow(/no melody to arrange/);
});
