import fs from 'node:fs';
import path from 'node:path';
import { isAttuneError, throwIfCancelled } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { readMidi } from '@attune/core/midi';
import { packExample, unpackExample, type SketchedPiece } from '@attune/recommend';
import { sketchPath } from '../../storage/file-store.ts';
import type { TaskContext } from '../tasks.ts';
import { readPieceList, type Piece } from './piece-list.ts';
import type { Searched } from './protocol.ts';
import { sketchOfClip, sketchOfScore } from './sketch.ts';

/** Looking into pieces that were not yet looked into stops after this long: an answer should not be waited for. */
export const LEARNING_MS = 2_500;
const LONGEST_SOUND_SECONDS = 900;
const PROGRESS_EVERY = 500;

const NOTHING = packExample({});
/** Sketches by absolute path, about a kilobyte a piece: 100,000 pieces take some 100 MB of this thread. */
const kept = new Map<string, Uint8Array>();

export interface KnownPieces {
  readonly pieces: readonly SketchedPiece[];
  readonly total: number;
  readonly isMore: boolean;
}

/** What is known of the pieces already, and of as many more as there is time for; `kind`: of these alone. */
export async function knowPieces(
  { folder, own, shared }: Searched,
  { signal, onProgress }: TaskContext,
  { kind, learningMs = LEARNING_MS }: { kind?: Piece['kind']; learningMs?: number } = {},
): Promise<KnownPieces> {
  const end = performance.now() + learningMs;
  const known: SketchedPiece[] = [];
  let total = 0;
  for (const list of [own, shared]) {
    for (const piece of piecesIn(list)) {
      if (kind && piece.kind !== kind) continue;
      throwIfCancelled(signal);
      total++;
      const file = path.join(folder, piece.path);
      let sketch = kept.get(file);
      if (!sketch && (performance.now() <= end || known.length === 0)) sketch = await look(file, piece.kind);
      if (!sketch) continue;
      known.push({ id: piece.id, sketch });
      if (known.length % PROGRESS_EVERY === 0) onProgress({ stage: 'looking', done: known.length, total });
    }
  }
  return { pieces: known, total, isMore: known.length < total };
}

/** The sketch of a stored piece; of one that cannot be read, one of nothing. */
export async function knowPiece(folder: string, { kind, path: relative }: Piece): Promise<Uint8Array> {
  const file = path.join(folder, relative);
  return kept.get(file) ?? look(file, kind);
}

let last: { readonly text: string; readonly pieces: readonly Piece[] } = { text: '', pieces: [] };

/** The catalogue is mostly the same as before. */
function piecesIn(text: string): readonly Piece[] {
  if (text.length < 100_000) return readPieceList(text);
  if (text !== last.text) last = { text, pieces: readPieceList(text) };
  return last.pieces;
}

/** A stored file never changes under its name, so its sketch stays true. It is written when a piece is stored, or else here. */
async function look(file: string, kind: Piece['kind']): Promise<Uint8Array> {
  const stored = readSketch(file);
  const sketch = stored ?? (await sketchFile(file, kind));
  kept.set(file, sketch ?? NOTHING);
  if (sketch && !stored) writeSketch(file, sketch);
  return sketch ?? NOTHING;
}

/** Read at once and not one after the other in turns: there may be a hundred thousand. */
function readSketch(file: string): Uint8Array | undefined {
  try {
    const sketch = fs.readFileSync(sketchPath(file));
    unpackExample(sketch, []);
    return sketch;
  } catch (error) {
    if (isAttuneError(error) || isAbsent(error)) return undefined; // never made, or by another version
    throw error;
  }
}

/** Undefined where there is no file any more; a damaged one has nothing to compare. */
async function sketchFile(file: string, kind: Piece['kind']): Promise<Uint8Array | undefined> {
  try {
    const bytes = fs.readFileSync(file);
    if (kind === 'midi') return sketchOfScore(readMidi(bytes));
    return sketchOfClip(await decodeAudio(bytes, { maxSeconds: LONGEST_SOUND_SECONDS }));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (isAttuneError(error)) return NOTHING;
    throw error;
  }
}

/** Under another name first, so that no half of it is ever read. Where it cannot be written it is made again after a restart. */
function writeSketch(file: string, sketch: Uint8Array): void {
  const target = sketchPath(file);
  const temporary = `${target}.${process.pid}`;
  try {
    fs.writeFileSync(temporary, sketch);
    fs.renameSync(temporary, target);
    if (!fs.existsSync(file)) fs.rmSync(target, { force: true }); // the piece was removed meanwhile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    fs.rmSync(temporary, { force: true });
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
