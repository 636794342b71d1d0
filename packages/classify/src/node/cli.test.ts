import { createScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { detectFileKind } from './classify-file.ts';
import { main } from './cli.ts';
import { SHIPPED_SYMBOLIC } from './shipped.ts';

let folder = '';
const out: string[] = [];
const err: string[] = [];
const file = (name: string): string => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'attune-classify-'));
  const notes = Array.from({ length: 64 }, (_, i) => ({
    start: i * 240,
    duration: 240,
    pitch: 62 + [0, 4, 7, 12][i % 4]!,
    velocity: 80,
  }));
  const midi = writeMidi(createScore({ tracks: [{ notes }] }));
  writeFileSync(file('tune.mid'), midi);
  writeFileSync(file('misnamed.mp3'), midi);
  writeFileSync(file('cut.mid'), midi.subarray(0, 12));
  writeFileSync(file('text.mid'), 'This is not music.');
  const sine = Float32Array.from({ length: 22_050 }, (_, n) => 0.3 * Math.sin(n / 8));
  writeFileSync(file('sine.wav'), writeWav({ sampleRate: 22_050, channels: [sine] }));
  mkdirSync(file('folder'));
  mkdirSync(file('set'));
  writeFileSync(file('set/index.csv'), 'id,group\nx,y\n');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  out.length = err.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

describe('attune-classify', () => {
  it('prints one line a file and exits with 0', async () => {
    expect(await main([file('tune.mid'), file('sine.wav')])).toBe(0);
    expect(out).toHaveLength(2);
    expect(out[1]).toMatch(/sine\.wav\s+unsure/);
  });
  it('goes by the bytes, not the name', async () => {
    expect(await main(['--json', file('tune.mid'), file('misnamed.mp3')])).toBe(0);
    const [a, b] = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect({ ...b, file: '' }).toEqual({ ...a, file: '' });
    expect(a).toMatchObject({ file: file('tune.mid'), model: SHIPPED_SYMBOLIC });
    expect((a!.probabilities as unknown[]).length).toBe(1);
  });
  it('prints the n most probable labels', async () => {
    await main(['--json', '--top', '3', file('tune.mid')]);
    expect((JSON.parse(out[0]!) as { probabilities: unknown[] }).probabilities).toHaveLength(3);
  });
  it('names each bad file in one sentence, goes on, and exits with 1', async () => {
    expect(
      await main([file('absent.mid'), file('text.mid'), file('cut.mid'), file('folder'), file('tune.mid')]),
    ).toBe(1);
    expect(out).toHaveLength(1);
    expect(err).toHaveLength(4);
    expect(err[0]).toContain('There is no such file.');
    expect(err[1]).toContain('neither a MIDI file nor audio');
    expect(err[3]).toContain('folder');
    for (const line of err)
      expect(line).toMatch(/^attune-classify: .*\.\w*: .*[.)]\n$|^attune-classify: .*folder: .*\.\n$/);
  });
  it('exits with 2 on wrong usage', async () => {
    expect(await main([])).toBe(2);
    expect(await main(['--top', 'many', file('tune.mid')])).toBe(2);
    expect(await main(['--wrong'])).toBe(2);
    expect(await main(['train', '--kind', 'nothing', '--out', folder])).toBe(2);
  });
  it('explains itself with examples', async () => {
    expect(await main(['--help'])).toBe(0);
    expect(out.join('')).toContain('Examples:');
    expect(out.join('')).toContain('evaluate');
  });
  it('refuses to evaluate a folder that is no data set, or has no label', async () => {
    expect(await main(['evaluate', '--test', file('folder')])).toBe(1);
    expect(err.at(-1)).toMatch(/no data set/i);
    expect(await main(['evaluate', '--test', file('set')])).toBe(1);
    expect(err.at(-1)).toMatch(/No piece or clip with a known label/);
  });
});

describe('detectFileKind', () => {
  it('refuses an empty file', () => {
    expect(() => detectFileKind(new Uint8Array(0))).toThrow(/neither/);
  });
});
