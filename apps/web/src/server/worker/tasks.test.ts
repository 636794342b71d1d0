import { createScore, createTrack } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { describe, expect, it } from 'vitest';
import { TASKS } from './tasks.ts';

const context = { signal: new AbortController().signal, onProgress: () => {} };

describe('notate', () => {
  it('writes the notes of a track as sheet music', async () => {
    const notes = [60, 64, 67, 72].map((pitch, i) => ({
      start: i * 480,
      duration: 480,
      pitch,
      velocity: 80,
    }));
    const midi = writeMidi(
      createScore({ ticksPerQuarter: 480, tracks: [createTrack({ name: 'a', notes })] }),
    );
    const { bytes } = await TASKS.notate({ midi }, context);
    const xml = new TextDecoder().decode(bytes);
    expect([...xml.matchAll(/<step>(\w)<\/step>/g)].map(([, step]) => step)).toEqual(['C', 'E', 'G', 'C']);
    expect([...xml.matchAll(/<type>(\w+)<\/type>/g)].map(([, type]) => type)).toEqual([
      'quarter',
      'quarter',
      'quarter',
      'quarter',
    ]);
  });
  it('refuses a file without notes', async () => {
    await expect(TASKS.notate({ midi: writeMidi(createScore()) }, context)).rejects.toThrow(/holds no notes/);
  });
});
