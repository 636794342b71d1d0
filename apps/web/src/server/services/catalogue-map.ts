import { createHash } from 'node:crypto';
import { STYLE_SPACE } from '@attune/core/style';
import type { CatalogueMap } from '../../api/labelling.ts';
import type { Actor } from '../context.ts';
import type { AdminRepository } from '../repositories/admin.ts';
import { assertAdmin } from './access.ts';
import type { LabellingDeps } from './labelling.ts';

const MOST_POINTS = 2_000;

const places = new WeakMap<
  object,
  {
    readonly key: string;
    readonly answer: Promise<
      Pick<CatalogueMap, 'method'> & { places: readonly (readonly [number, number])[] }
    >;
  }
>();

/** The newest tracks by likeness in the plane. Places are computed when the tracks change, labels are always fresh. */
export async function catalogueMap(
  deps: Pick<LabellingDeps, 'finder'> & { readonly admin: AdminRepository },
  actor: Actor,
): Promise<CatalogueMap> {
  assertAdmin(actor);
  const [rows, total] = await Promise.all([deps.admin.listMap(MOST_POINTS), deps.admin.countMap()]);
  const known = rows.filter(({ vector }) => vector.space === STYLE_SPACE.version);
  const key = createHash('sha256')
    .update(known.map(({ trackId }) => trackId).join(' '))
    .digest('hex');
  let found = places.get(deps.finder);
  if (found?.key !== key) {
    const answer = deps.finder.run('mapRows', {
      rows: known.map(({ vector }) => Float64Array.from(vector.values)),
    });
    found = { key, answer };
    places.set(deps.finder, found);
    answer.catch(() => places.delete(deps.finder));
  }
  const { places: at, method } = await found.answer;
  return {
    points: known.map(({ vector: _, ...row }, i) => ({ ...row, x: at[i]![0], y: at[i]![1] })),
    method,
    left: total - known.length,
  };
}
