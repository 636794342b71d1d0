import { chooseByRuns } from '../melody/choose-by-runs.ts';
import type { Melody } from '../melody/melody.ts';
import { findMelody, type MelodyMatch } from '../melody/melody-index.ts';
import { findByExample } from './compare-examples.ts';
import type { Aspect, ExampleProfile } from './describe-example.ts';
import { melodyInSketch, unpackExample } from './sketch.ts';

/** A piece that is kept as its sketch alone (`packExample`). */
export interface SketchedPiece {
  readonly id: string;
  readonly sketch: Uint8Array;
}

/** Whole melodies are aligned with so many: each costs as much as hundreds of hummed phrases. */
const MELODY_CANDIDATES = 100;

/**
 * `findByExample` among sketches, of which only the aspect asked for is unpacked. By melody, those that share most runs of
 * moves with the example are compared, 100 or `take`.
 * @throws `checkpoint/malformed` as `unpackExample`.
 */
export function findInSketches(
  example: ExampleProfile,
  pieces: readonly SketchedPiece[],
  aspect: Aspect,
  take: number,
): { id: string; likeness: number }[] {
  const compared =
    aspect === 'melody' && example.melody
      ? Array.from(
          chooseByRuns(
            example.melody,
            pieces.map(({ sketch }) => melodyInSketch(sketch)),
            Math.max(take, MELODY_CANDIDATES),
          ),
          (i) => pieces[i]!,
        )
      : pieces;
  const wanted = [aspect];
  return findByExample(
    example,
    compared.map(({ id, sketch }) => ({ id, profile: unpackExample(sketch, wanted) })),
    aspect,
    take,
  );
}

/** The `take` sketched pieces that hold a melody, as `MelodyIndex.find`. @throws as that, and as `unpackExample`. */
export function findMelodyInSketches(
  query: Melody,
  pieces: readonly SketchedPiece[],
  take: number,
): MelodyMatch[] {
  return findMelody(
    query,
    pieces.map(({ id }) => id),
    pieces.map(({ sketch }) => melodyInSketch(sketch)),
    take,
  );
}
