import { writeMidi } from '@attune/core/midi';
import { describe, expect, it } from 'vitest';
import { testDeps } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor } from '../testing/test-records.ts';
import { getTrack } from './get-track.ts';
import type { DevicePieceWish } from './keep-piece.ts';
import { keepPiece } from './keep-piece.ts';
import { uploadTrack } from './upload-track.ts';

const ann = testActor('ann');
const midi = Buffer.from(writeMidi(createTestScore(4))).toString('base64');
const piece: DevicePieceWish = {
  title: 'Pale Mill Reel',
  midi,
  seed: 9,
  bars: 8,
  conditioning: { style: 'folk', tonic: 2, mode: 'minor' },
  modelVersion: 'transformer-1@abc',
  tokenizer: 'compound:def',
};

describe('keepPiece', () => {
  it('stores a piece from a device and says where it was made', async () => {
    const deps = testDeps();
    const { id } = await keepPiece(deps, ann, piece);
    const { provenance, summary, owned } = await getTrack(deps, ann, { id });
    expect(owned).toBe(true);
    expect(summary).toMatchObject({
      title: 'Pale Mill Reel',
      source: 'generated',
      style: 'folk',
      key: 'D minor',
    });
    expect(provenance).toMatchObject({
      madeOn: 'device',
      seed: 9,
      bars: 8,
      modelVersion: 'transformer-1@abc',
      conditioning: { style: 'folk' },
    });
  });

  it('refuses what is no music, too much of it, and unknown styles', async () => {
    const deps = testDeps();
    const refused = (parts: Partial<DevicePieceWish>, limits = deps.limits): Promise<unknown> =>
      keepPiece({ ...deps, limits }, ann, { ...piece, ...parts });
    await expect(refused({ midi: '' })).rejects.toMatchObject({ code: 'upload/empty' });
    await expect(refused({ midi: Buffer.from('no music').toString('base64') })).rejects.toMatchObject({
      code: 'midi/malformed',
    });
    await expect(refused({ conditioning: { style: 'polka' } })).rejects.toMatchObject({
      code: 'label/unknown',
    });
    await expect(refused({}, { ...deps.limits, midiBytes: 10 })).rejects.toMatchObject({
      code: 'upload/too-large',
    });
    await expect(refused({}, { ...deps.limits, tracks: 0 })).rejects.toMatchObject({ code: 'upload/limit' });
    expect(await deps.tracks.trackIdsOf('ann')).toEqual([]);
    expect(await deps.files.list()).toEqual([]);
  });

  it('refuses a source that is another person’s', async () => {
    const deps = testDeps();
    const { id } = await uploadTrack(deps, testActor('bob'), {
      name: 'b.mid',
      bytes: writeMidi(createTestScore(5)),
    });
    const task = { kind: 'vary', sourceTrackId: id, keep: 0.5, unit: 'bars' } as const;
    await expect(keepPiece(deps, ann, { ...piece, task })).rejects.toMatchObject({ code: 'track/not-found' });
    await expect(keepPiece(deps, testActor('bob'), { ...piece, task })).resolves.toBeDefined();
  });
});
