import { createScore, type Note } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './cli.ts';
import { SHIPPED_AUDIO, SHIPPED_DRUMS, SHIPPED_SYMBOLIC } from './shipped.ts';

const TPQ = 480;
const RATE = 22_050;
let folder = '';
const out: string[] = [];
const err: string[] = [];
const file = (name: string): string => path.join(folder, name);

/** An A minor tune on a violin in 3/4, with or without a plain rock beat. */
function tune(drums: boolean): Uint8Array {
  const scale = [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57, 57];
  const notes = [...scale, ...scale].map((pitch, i): Note => ({
    start: i * TPQ,
    duration: TPQ,
    pitch,
    velocity: 70,
  }));
  const kit = Array.from({ length: 48 }, (_, i): Note[] => [
    { start: (i * TPQ) / 2, duration: 20, pitch: 42, velocity: 70 },
    ...(i % 2 === 0
      ? [{ start: (i * TPQ) / 2, duration: 20, pitch: i % 4 === 0 ? 36 : 38, velocity: 100 }]
      : []),
  ]).flat();
  return writeMidi(
    createScore({
      tracks: [{ program: 40, notes }, ...(drums ? [{ isDrum: true, notes: kit }] : [])],
      tempos: [{ tick: 0, bpm: 96 }],
      meters: [{ tick: 0, numerator: 3, denominator: 4 }],
    }),
  );
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'attune-describe-'));
  writeFileSync(file('tune.mid'), tune(false));
  writeFileSync(file('band.mid'), tune(true));
  writeFileSync(file('text.mid'), 'This is not music.');
  const pitches = [62, 66, 69, 74, 62, 64, 66, 67, 69, 71, 73, 74, 67, 71, 62, 69, 73, 64, 62, 66, 69, 62];
  const each = Math.round(0.3 * RATE);
  const samples = Float32Array.from({ length: pitches.length * each }, (_, n) => {
    const turn = (2 * Math.PI * 440 * 2 ** ((pitches[Math.floor(n / each)]! - 69) / 12) * n) / RATE;
    return 0.2 * (Math.sin(turn) + 0.5 * Math.sin(2 * turn)) * Math.exp((-4 * (n % each)) / each);
  });
  writeFileSync(file('tones.wav'), writeWav({ sampleRate: RATE, channels: [samples] }));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  out.length = err.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

describe('attune-classify describe', () => {
  it('says what notes are, as text', async () => {
    expect(await main(['describe', file('band.mid')])).toBe(0);
    const text = out.join('');
    expect(text).toContain(`${file('band.mid')}\n  style `);
    expect(text).toMatch(
      /\n {2}mood +\w+ \(energy 0\.\d\d\), \w+ \(valence 0\.\d\d\), \w+ \(tension 0\.\d\d\)\n/,
    );
    expect(text).toMatch(/\n {2}key +A minor \(clarity 0\.\d\d\)\n {2}tempo +96\.0 bpm\n {2}meter +3\/4\n/);
    expect(text).toMatch(/\n {2}instruments +Violin, Drum kit\n {2}drums +\S/);
  });
  it('has no style of drums where none play, and one object a file with --json', async () => {
    expect(await main(['describe', '--json', file('tune.mid'), file('band.mid')])).toBe(0);
    const [tuned, band] = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(tuned).toMatchObject({ kind: 'notes', style: { model: SHIPPED_SYMBOLIC }, tempo: 96 });
    expect(tuned).not.toHaveProperty('drumStyle');
    expect(band).toMatchObject({ drumStyle: { model: SHIPPED_DRUMS }, instruments: ['Violin', 'Drum kit'] });
  });
  it('says what a sound is, and how sure that is', async () => {
    expect(await main(['describe', file('tones.wav')])).toBe(0);
    const text = out.join('');
    expect(text).toMatch(/\n {2}key +D major \(\d+ % sure\)\n/);
    expect(text).toMatch(/\n {2}tempo +\d+\.\d bpm, or half or double of it\n|no beat heard/);
    expect(text).toMatch(
      /\n {2}pitchMean +\w+ register: \d+\.\d\d MIDI pitch \(explains \d\d % of the variance\)\n/,
    );
    out.length = 0;
    expect(await main(['describe', '--json', file('tones.wav')])).toBe(0);
    expect(JSON.parse(out[0]!)).toMatchObject({
      kind: 'sound',
      style: { model: SHIPPED_AUDIO },
      key: { tonic: 2, mode: 'major' },
    });
  });
  it('names a bad file, goes on, and exits with 1', async () => {
    expect(await main(['describe', '--json', file('text.mid'), file('absent.mid'), file('tune.mid')])).toBe(
      1,
    );
    expect(out).toHaveLength(1);
    expect(err.join('')).toMatch(/text\.mid: This is neither[^]*absent\.mid: There is no such file\./);
  });
  it('places labels below broader ones, and refuses what cannot be placed', async () => {
    expect(await main(['describe', '--json', '--place', 'concert music=all', file('tune.mid')])).toBe(0);
    expect(await main(['describe', '--place', 'romantic', file('tune.mid')])).toBe(1);
    expect(err.join('')).toContain('--place takes LABEL=BROADER, not "romantic".');
    expect(await main(['describe', '--place', 'folk=hymn', file('tune.mid')])).toBe(1);
    expect(err.join('')).toContain('The label folk stands below traditional music already.');
    expect(await main(['describe'])).toBe(2);
  });
});
