import { createScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { readMidi, writeMidi } from '@attune/core/midi';
import { describe, expect, it } from 'vitest';
import { testDeps } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor } from '../testing/test-records.ts';
import { getTrack } from './get-track.ts';
import { listLibrary, removeTrack } from './library.ts';
import { openDownload } from './open-download.ts';
import { admitUpload, titleFrom, uploadTrack } from './upload-track.ts';

const ann = testActor('ann');
const song = writeMidi(createTestScore(1));

/** One second of a 440 Hz tone. */
function tone(): Uint8Array {
  const samples = Float32Array.from(
    { length: 22_050 },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 22_050),
  );
  return writeWav({ sampleRate: 22_050, channels: [samples] });
}

describe('upload', () => {
  it('stores a MIDI file, described and readable again', async () => {
    const deps = testDeps();
    const track = await uploadTrack(deps, ann, { name: 'C:\\music\\My_song.mid', bytes: song });
    expect(track).toMatchObject({ title: 'My song', kind: 'score', source: 'upload', mine: true });
    const detail = await getTrack(deps, ann, { id: track.id });
    expect(detail.roll?.tracks.map(({ notes }) => notes.length)).toEqual([32, 32]);
    const { asset } = await openDownload(deps, ann, { id: track.id, kind: 'midi' });
    expect(readMidi(await deps.files.read(asset.path)).tracks).toHaveLength(2);
  });

  it('stores recorded sound by what it is, whatever it is called', async () => {
    const deps = testDeps();
    const track = await uploadTrack(deps, ann, { name: 'tone.mid', bytes: tone() });
    expect(track).toMatchObject({ kind: 'audio', seconds: 1, instruments: [] });
    const { asset, fileName } = await openDownload(deps, ann, { id: track.id, kind: 'audio' });
    expect([asset.mime, fileName]).toEqual(['audio/wav', 'tone.wav']);
    await expect(openDownload(deps, ann, { id: track.id, kind: 'midi' })).rejects.toMatchObject({
      code: 'asset/not-found',
    });
    await expect(openDownload(deps, ann, { id: track.id, kind: 'wav' })).rejects.toMatchObject({
      code: 'asset/not-found',
    });
  });

  const refusals: readonly [name: string, bytes: () => Uint8Array, code: string][] = [
    ['an empty file', () => new Uint8Array(), 'upload/empty'],
    ['a text', () => new TextEncoder().encode('Dear diary'), 'upload/type'],
    ['a program', () => Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1), 'upload/type'],
    ['a MIDI file of 2 MB and a byte', () => padded('MThd', 2_000_001), 'upload/too-large'],
    ['sound of 200 MB', () => padded('fLaC', 200_000_000), 'upload/too-large'],
    ['a MIDI header and then nothing', () => song.subarray(0, 10), 'midi/malformed'],
    ['a MIDI file without notes', () => writeMidi(createScore({})), 'midi/malformed'],
    ['a MIDI file of three hours', threeHours, 'midi/limit'],
    ['a WAV file cut in its header', () => tone().subarray(0, 20), 'audio/malformed'],
  ];
  it.each(refusals)('refuses %s in one sentence and keeps nothing', async (_, bytes, code) => {
    const deps = testDeps();
    const refusal = uploadTrack(deps, ann, { name: 'x', bytes: bytes() });
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(refusal).rejects.toThrow(/^[A-Z][^\n]{5,120}\.( \(byte \d+\))?$/);
    expect(await deps.files.list()).toEqual([]);
    expect(await deps.tracks.trackIdsOf('ann')).toEqual([]);
  });

  it('refuses before reading when the file says that it is too large', async () => {
    const deps = testDeps();
    await expect(admitUpload(deps, ann, 200_000_000)).rejects.toMatchObject({ code: 'upload/too-large' });
    await expect(admitUpload(deps, ann, undefined)).resolves.toBeUndefined();
  });

  it('holds a person to a number of uploads and of bytes', async () => {
    const deps = testDeps();
    const few = { ...deps, limits: { ...deps.limits, uploads: 1 } };
    await uploadTrack(few, ann, { name: 'a.mid', bytes: song });
    await expect(uploadTrack(few, ann, { name: 'b.mid', bytes: song })).rejects.toMatchObject({
      code: 'upload/limit',
    });
    const small = { ...deps, limits: { ...deps.limits, uploadBytes: 2 * song.length - 1 } };
    await expect(uploadTrack(small, ann, { name: 'b.mid', bytes: song })).rejects.toMatchObject({
      code: 'upload/limit',
    });
    await expect(uploadTrack(few, testActor('bob'), { name: 'b.mid', bytes: song })).resolves.toMatchObject({
      title: 'b',
    });
  });

  it('leaves no file behind when the row cannot be written', async () => {
    const deps = testDeps();
    const broken = {
      ...deps,
      tracks: { ...deps.tracks, insert: () => Promise.reject(new Error('disk full')) },
    };
    await expect(uploadTrack(broken, ann, { name: 'a.mid', bytes: song })).rejects.toThrow('disk full');
    expect(await deps.files.list()).toEqual([]);
  });

  it('removes a track with its files', async () => {
    const deps = testDeps();
    const { id } = await uploadTrack(deps, ann, { name: 'a.mid', bytes: song });
    expect(await deps.files.list()).toEqual([`tracks/${id}/track.mid`, `tracks/${id}/track.mid.sketch`]);
    await expect(removeTrack(deps, testActor('bob'), { trackId: id })).rejects.toMatchObject({
      code: 'track/not-found',
    });
    await expect(
      removeTrack(deps, testActor('root', { role: 'admin' }), { trackId: id }),
    ).rejects.toMatchObject({ code: 'access/denied' });
    await removeTrack(deps, ann, { trackId: id });
    expect(await deps.files.list()).toEqual([]);
    expect((await listLibrary(deps, ann, { sort: 'newest', take: 5, source: 'mine' })).items).toEqual([]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['song\u0000\u202e.mid', 'song'],
    ['...', '...'],
    ['  .mid', undefined],
    ['a'.repeat(300), 'a'.repeat(80)],
  ])('makes a title of the name %j', (name, title) => expect(titleFrom(name)).toBe(title));
});

function padded(start: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(start));
  return bytes;
}

/** One note that starts after three hours at 60 bpm. */
function threeHours(): Uint8Array {
  return writeMidi(
    createScore({
      ticksPerQuarter: 480,
      tempos: [{ tick: 0, bpm: 60 }],
      tracks: [
        {
          name: 'Late',
          program: 0,
          notes: [{ start: 3 * 3600 * 480, duration: 480, pitch: 60, velocity: 80 }],
        },
      ],
    }),
  );
}
