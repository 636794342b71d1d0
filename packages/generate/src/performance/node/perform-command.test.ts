import { createScore, createTrack } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRules, performCommand } from './perform-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'attune-perform-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeScale(): string {
  const notes = Array.from({ length: 16 }, (_, i) => ({
    start: i * 480,
    duration: 480,
    pitch: 60 + i,
    velocity: 80,
  }));
  const file = path.join(folder, 'scale.mid');
  writeFileSync(file, writeMidi(createScore({ ticksPerQuarter: 480, tracks: [createTrack({ notes })] })));
  return file;
}

describe('perform', () => {
  it('writes the same notes with dynamics and bent tempos', async () => {
    const output = path.join(folder, 'out.mid');
    expect(await performCommand(writeScale(), { output, seed: '1' })).toBe(output);
    const played = readMidi(new Uint8Array(readFileSync(output)));
    expect(played.tracks[0]!.notes.map(({ pitch }) => pitch)).toEqual(
      Array.from({ length: 16 }, (_, i) => 60 + i),
    );
    expect(new Set(played.tracks[0]!.notes.map(({ velocity }) => velocity)).size).toBeGreaterThan(5);
    expect(played.tempos.length).toBeGreaterThan(5);
  });
  it('says what is wrong with what was typed', async () => {
    const file = writeScale();
    await expect(performCommand(file, { seed: '1', style: 'polka' })).rejects.toThrow(
      /"polka" is not a style/,
    );
    await expect(performCommand(file, { seed: '1', output: path.join(folder, 'a.txt') })).rejects.toThrow(
      /must end in/,
    );
    await expect(performCommand(path.join(folder, 'none.mid'), { seed: '1' })).rejects.toThrow(
      /none.mid cannot be read/,
    );
  });
  it('reads rules as NAME=K', () => {
    expect(parseRules(['swing=0.5', 'noise=0'])).toEqual({ swing: 0.5, noise: 0 });
    for (const wrong of ['swing', 'vibrato=1', 'swing=1=2'])
      expect(() => parseRules([wrong])).toThrow(/no rule with its quantity/);
    expect(() => parseRules(['swing=7'])).toThrow(/swing/);
  });
});
