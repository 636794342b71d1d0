import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Score } from '@attune/core';
import { createScore, transposeScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../storage/file-store.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor, testTrack, testVector } from '../testing/test-records.ts';
import { searchHummed, searchLikeFile, searchLikeTrack, searchTapped, searchWords } from './search.ts';

const ann = testActor('ann');
const bob = testActor('bob');
/** A tune that no test piece has: pitches, and onsets in quarters. */
const TUNE = {
  pitches: [67, 67, 69, 67, 72, 71, 67, 67, 69, 67, 74, 72],
  onsets: [0, 0.75, 1, 2, 3, 4, 6, 6.75, 7, 8, 9, 10],
};

function tuneScore(): Score {
  const notes = TUNE.pitches.map((pitch, i) => ({
    start: 480 * TUNE.onsets[i]!,
    duration: 220,
    pitch,
    velocity: 80,
  }));
  return createScore({ title: 'Tune', ticksPerQuarter: 480, tracks: [{ name: '', program: 73, notes }] });
}

/** The tune as one hums it: sine tones, five semitones lower and slower, with a soft start and end to each note. */
function hum(): Uint8Array {
  const rate = 16_000;
  const quarter = 0.55;
  const samples = new Float32Array(rate * 7);
  TUNE.pitches.forEach((pitch, i) => {
    const next = TUNE.onsets[i + 1] ?? TUNE.onsets[i]! + 1;
    const length = Math.floor(rate * quarter * Math.min(1, next - TUNE.onsets[i]!) * 0.85);
    const start = Math.floor(rate * quarter * TUNE.onsets[i]!);
    const step = (2 * Math.PI * 440 * 2 ** ((pitch - 5 - 69) / 12)) / rate;
    for (let n = 0; n < length && start + n < samples.length; n++) {
      samples[start + n] = 0.4 * Math.sin(step * n) * Math.min(1, n / 400, (length - n) / 400);
    }
  });
  return writeWav({ sampleRate: rate, channels: [samples] });
}

describe('search', () => {
  let folder = '';
  let deps: TestDeps;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
    deps = testDeps({ files: createFileStore(folder) });
    for (let i = 0; i < 6; i++)
      await add(`p${i}`, createTestScore(i), {
        title: `Piece ${i}`,
        tempo: 60 + 20 * i,
        mode: i % 2 ? 'minor' : 'major',
      });
    await add('tune', tuneScore(), {
      title: 'The Tune',
      tempo: 120,
      mode: 'minor',
      style: 'march',
      instruments: [73],
    });
    await add('secret', transposeScore(tuneScore(), 3), {
      title: 'Secret',
      ownerId: 'bob',
      source: 'upload',
      mode: 'minor',
    });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function add(
    id: string,
    score: Score,
    parts: Partial<Parameters<typeof testTrack>[0]>,
  ): Promise<void> {
    const stored = await deps.files.write(`tracks/${id}/track.mid`, writeMidi(score));
    const track = testTrack({ id, vector: testVector({}), ...parts });
    await deps.tracks.insert({
      track,
      assets: [{ id: `${id}/midi`, trackId: id, kind: 'midi', mime: 'audio/midi', ...stored }],
      classifications: [],
    });
  }
  const ids = (found: readonly { track: { id: string } }[]): string[] => found.map(({ track }) => track.id);

  it('understands words, says how, and lets a wish be taken away', async () => {
    const both = await searchWords(deps, ann, {
      text: 'minor, under 90 bpm, frobnicate',
      without: [],
      take: 20,
    });
    expect(both.wishes.map(({ label }) => label)).toEqual(['minor', 'at most 90 bpm']);
    expect(both.unknown).toEqual(['frobnicate']);
    expect(ids(both.found)[0]).toBe('p1');
    expect(both.found[0]!.facts).toContain('80 bpm');
    const one = await searchWords(deps, ann, {
      text: 'minor, under 90 bpm, frobnicate',
      without: [1],
      take: 20,
    });
    expect(one.wishes.map(({ index }) => index)).toEqual([0]);
    expect(ids(one.found)).toEqual(expect.arrayContaining(['p1', 'p3', 'p5', 'tune']));
    expect(ids(one.found)).not.toContain('secret'); // another person's
    expect(ids((await searchWords(deps, bob, { text: 'minor', without: [], take: 20 })).found)).toContain(
      'secret',
    );
    expect(
      (await searchWords(deps, ann, { text: 'a march without drums', without: [], take: 20 })).wishes.map(
        ({ label }) => label,
      ),
    ).toEqual(['march', 'not drums']);
    const titled = await searchWords(deps, ann, { text: 'minor tune xyzzy', without: [], take: 20 });
    expect(titled.wishes.map(({ label }) => label)).toEqual(['minor']); // "tune" is said of any music
    expect(titled.unknown).toEqual(['xyzzy']);
    await add('docks', createTestScore(2), { title: 'Chopin on the Docks', mode: 'major' });
    const named = await searchWords(deps, ann, { text: 'minor, Chopin', without: [], take: 20 });
    expect(named.wishes.map(({ label }) => label)).toEqual([
      'minor',
      '“Chopin” in the title, if there is one',
    ]);
    expect(named.unknown).toEqual([]);
    expect(ids(named.found)[0]).toBe('docks');
    expect(named.found.length).toBeGreaterThan(3);
    expect(await searchWords(deps, ann, { text: 'xyzzy', without: [], take: 20 })).toMatchObject({
      wishes: [],
      found: [],
    });
  });

  it('finds pieces like a track or a file, in an aspect too, and only what may be heard', async () => {
    const melody = await searchLikeTrack(deps, bob, { trackId: 'tune', aspect: 'melody', take: 3 });
    expect(melody).toMatchObject({ searched: 8, total: 8 });
    expect([ids(melody.found)[0], melody.found[0]!.score]).toEqual(['secret', 1]);
    expect(
      ids((await searchLikeTrack(deps, ann, { trackId: 'tune', aspect: 'melody', take: 9 })).found),
    ).not.toContain('secret');
    const bytes = writeMidi(transposeScore(tuneScore(), -7));
    expect(ids((await searchLikeFile(deps, ann, { bytes, aspect: 'harmony', take: 3 })).found)).toContain(
      'tune',
    );
    expect((await searchLikeFile(deps, ann, { bytes, aspect: 'overall', take: 3 })).found).toHaveLength(3);
    expect(
      (await searchLikeTrack(deps, ann, { trackId: 'p0', aspect: 'overall', take: 50 })).found.map(
        ({ track }) => track.id,
      ),
    ).not.toContain('p0');
    await expect(
      searchLikeTrack(deps, ann, { trackId: 'secret', aspect: 'rhythm', take: 3 }),
    ).rejects.toMatchObject({ code: 'track/not-found' });
  });

  it('finds a piece by its melody, hummed lower and slower, and by its rhythm alone', async () => {
    const hummed = await searchHummed(deps, ann, { bytes: hum(), take: 3 });
    expect(hummed.notes).toBeGreaterThanOrEqual(8);
    expect(ids(hummed.found)[0]).toBe('tune');
    const onsets = TUNE.onsets.map((onset, i) => 0.4 * onset + (i % 2 ? 0.015 : -0.01) + 1);
    expect(ids((await searchTapped(deps, ann, { onsets, take: 3 })).found)[0]).toBe('tune');
  });

  it('says what is wrong with an example', async () => {
    const silence = writeWav({ sampleRate: 16_000, channels: [new Float32Array(16_000)] });
    const fails = async (search: Promise<unknown>): Promise<unknown> =>
      search.then(
        () => 'found',
        (error: { code?: string }) => error.code,
      );
    expect(await fails(searchHummed(deps, ann, { bytes: silence, take: 3 }))).toBe('argument/invalid');
    expect(await fails(searchLikeFile(deps, ann, { bytes: silence, aspect: 'harmony', take: 3 }))).toBe(
      'argument/invalid',
    );
    expect(
      await fails(
        searchLikeFile(deps, ann, {
          bytes: new TextEncoder().encode('only words'),
          aspect: 'overall',
          take: 3,
        }),
      ),
    ).toBe('upload/type');
    expect(
      await fails(searchLikeFile(deps, ann, { bytes: new Uint8Array(), aspect: 'overall', take: 3 })),
    ).toBe('upload/empty');
    expect(await fails(searchTapped(deps, ann, { onsets: [0, 1], take: 3 }))).toBe('argument/invalid');
    expect(await fails(searchTapped(deps, ann, { onsets: [0, 1, 1], take: 3 }))).toBe('input/invalid');
    expect(await fails(searchTapped(deps, ann, { onsets: [0, NaN, 2], take: 3 }))).toBe('input/invalid');
    expect(await fails(searchWords(deps, ann, { text: 'x'.repeat(1001), without: [], take: 3 }))).toBe(
      'argument/invalid',
    );
  });

  it('passes over a file that is gone or damaged', async () => {
    await deps.files.remove(['tracks/p0/track.mid']);
    fs.writeFileSync(path.join(folder, 'tracks/p1/track.mid'), 'broken');
    const { found, searched } = await searchLikeTrack(deps, ann, {
      trackId: 'tune',
      aspect: 'rhythm',
      take: 9,
    });
    expect(searched).toBe(7);
    expect(ids(found)).not.toContain('p0');
    expect(ids(found)).not.toContain('p1');
  });
});
