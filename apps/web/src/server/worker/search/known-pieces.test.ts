import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { transposeScore } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { unpackExample } from '@attune/recommend';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore, sketchPath, sweepFiles } from '../../storage/file-store.ts';
import { createTestScore } from '../../testing/test-pieces.ts';
import { knowPieces } from './known-pieces.ts';
import { readPieceList, writePieceList, type Piece } from './piece-list.ts';
import { SEARCH_TASKS } from './search.ts';
import { sketchOfScore } from './sketch.ts';

const context = { signal: new AbortController().signal, onProgress: () => undefined };
const pieceOf = (id: string): Piece => ({ id, kind: 'midi', path: `tracks/${id}/track.mid` });

describe('known pieces', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const listed = (pieces: readonly Piece[], own: readonly Piece[] = []) => ({
    folder,
    own: writePieceList(own),
    shared: writePieceList(pieces),
  });

  it('go beyond five thousand, and the last of them is found', async () => {
    const pieces = Array.from({ length: 6_001 }, (_, i): Piece => ({
      id: `p${i}`,
      kind: 'midi',
      path: `p${i}.mid`,
    }));
    const other = sketchOfScore(createTestScore(1));
    for (const { path: file } of pieces) fs.writeFileSync(sketchPath(path.join(folder, file)), other);
    const last = path.join(folder, pieces.at(-1)!.path);
    fs.writeFileSync(sketchPath(last), sketchOfScore(createTestScore(2)));
    const bytes = writeMidi(transposeScore(createTestScore(2), 4));
    const ask = () =>
      SEARCH_TASKS.findLike(
        { example: { from: 'file', bytes }, aspect: 'harmony', pieces: listed(pieces), take: 1 },
        context,
      );
    let answer = await ask();
    for (let i = 0; answer.isMore && i < 100; i++) answer = await ask();
    expect(answer).toMatchObject({ searched: 6_001, total: 6_001, isMore: false });
    expect(answer.found[0]!.id).toBe('p6000');
  });

  it('are learned a little at each question, and say whether there is more', async () => {
    const store = createFileStore(folder);
    const pieces = ['a', 'b', 'c'].map(pieceOf);
    for (const [i, { path: file }] of pieces.entries())
      await store.write(file, writeMidi(createTestScore(i)));
    const searched = listed(pieces.slice(1), pieces.slice(0, 1));
    // Without time one piece is learned, with time all are.
    const first = await knowPieces(searched, context, { learningMs: -1 });
    expect(first).toMatchObject({ pieces: [{ id: 'a' }], total: 3, isMore: true });
    const all = await knowPieces(searched, context);
    expect(all).toMatchObject({ total: 3, isMore: false });
    expect(all.pieces.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(unpackExample(fs.readFileSync(sketchPath(path.join(folder, pieces[1]!.path))))).toEqual(
      unpackExample(sketchOfScore(createTestScore(1))),
    );
  });

  it('leave their sketches with their files, and take them along', async () => {
    const store = createFileStore(folder);
    const { path: file } = pieceOf('x');
    await store.write(file, writeMidi(createTestScore(0)));
    await knowPieces(listed([pieceOf('x')]), context);
    await store.write('tracks/gone/track.mid.sketch', new Uint8Array([1]));
    expect(await sweepFiles(store, new Set([file]))).toBe(1);
    expect(await store.list()).toEqual([file, sketchPath(file)]);
    await store.remove([file]);
    expect(await store.list()).toEqual([]);
  });

  it('are made again where the sketch is damaged, and lack all where the file is', async () => {
    const store = createFileStore(folder);
    await store.write(pieceOf('x').path, writeMidi(createTestScore(0)));
    await store.write(sketchPath(pieceOf('x').path), new Uint8Array([99, 1, 2]));
    await store.write(pieceOf('y').path, new Uint8Array([1, 2, 3]));
    const known = await knowPieces(listed(['x', 'y', 'z'].map(pieceOf)), context);
    expect(known.isMore).toBe(false);
    expect(known.pieces.map(({ sketch }) => Object.keys(unpackExample(sketch)).length > 0)).toEqual([
      true,
      false,
      false,
    ]);
    expect(await store.list()).not.toContain(sketchPath(pieceOf('z').path));
  });
});

describe('a piece list', () => {
  it('is read as it was written', () => {
    const pieces = [pieceOf('a'), { id: 'b', kind: 'audio', path: 'tracks/b/original.flac' } as const];
    expect(readPieceList(writePieceList(pieces))).toEqual(pieces);
    expect(readPieceList(writePieceList([]))).toEqual([]);
  });
});
