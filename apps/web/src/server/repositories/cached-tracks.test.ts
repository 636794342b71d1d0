import { describe, expect, it } from 'vitest';
import { testTrack } from '../testing/test-records.ts';
import { cacheTracks } from './cached-tracks.ts';
import { createMemoryRepositories } from './memory/index.ts';
import { repositoryContract } from './contract.ts';

repositoryContract('in memory, the catalogue cached', () => {
  const repositories = createMemoryRepositories();
  return Promise.resolve({
    repositories: { ...repositories, tracks: cacheTracks(repositories.tracks, () => new Date(0)) },
    addUser: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
});

describe('the cached catalogue', () => {
  const track = (id: string, ownerId: string | null = null) => ({
    track: testTrack({ id, ownerId }),
    assets: [],
    classifications: [],
  });

  it('is read once, and again after a change, after ten minutes, and when it is told to', async () => {
    const { tracks } = createMemoryRepositories();
    let reads = 0;
    let time = 0;
    const counted = {
      ...tracks,
      listForTaste: (...parts: Parameters<typeof tracks.listForTaste>) => {
        if (parts[1] === 'shared') reads++;
        return tracks.listForTaste(...parts);
      },
    };
    const cached = cacheTracks(counted, () => new Date(time));
    await cached.insert(track('a'));
    const first = await cached.listForTaste('ann');
    expect(await cached.listForTaste('bob')).toBe(first); // the same object: what was computed of it can be kept
    await cached.insert(track('mine', 'ann'));
    expect((await cached.listForTaste('ann')).map(({ id }) => id)).toEqual(['a', 'mine']);
    expect((await cached.listForTaste('bob')).map(({ id }) => id)).toEqual(['a']);
    expect(reads).toBe(1);
    await cached.insert(track('b'));
    await cached.correct('a', 'march', 'ann', new Date(0));
    expect((await cached.listForTaste('bob')).map(({ id, style }) => [id, style])).toEqual([
      ['a', 'march'],
      ['b', 'folk'],
    ]);
    expect(reads).toBe(2);
    await cached.remove('b');
    expect(await cached.listForTaste('bob')).toHaveLength(1);
    time += 11 * 60_000;
    await cached.listForTaste('bob');
    cached.forget();
    await cached.listForTaste('bob');
    expect(reads).toBe(5);
  });

  it('is asked again after it could not be read', async () => {
    const { tracks } = createMemoryRepositories();
    let broken = true;
    const cached = cacheTracks(
      {
        ...tracks,
        listForTaste: (...parts) =>
          broken ? Promise.reject(new Error('away')) : tracks.listForTaste(...parts),
      },
      () => new Date(0),
    );
    await expect(cached.listForTaste('ann')).rejects.toThrow('away');
    broken = false;
    expect(await cached.listForTaste('ann')).toEqual([]);
  });
});
