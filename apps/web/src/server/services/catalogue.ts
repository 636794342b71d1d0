import { STYLE_SPACE } from '@attune/core/style';
import type { CatalogueScan, FeatureMap, Item } from '@attune/recommend';
import { createCatalogueScan } from '@attune/recommend';
import type { TasteTrack } from '../repositories/types.ts';

/** Tracks that can be ranked, with what is computed of them once for all listeners. */
export interface Catalogue {
  readonly tracks: readonly TasteTrack[];
  /** [tracks] */
  readonly items: readonly Item[];
  readonly places: ReadonlyMap<string, number>;
}

const catalogues = new WeakMap<readonly TasteTrack[], Catalogue>();

/** Of the same list the same catalogue: the list of everybody's tracks is one object until it changes. */
export function catalogueOf(list: readonly TasteTrack[]): Catalogue {
  const known = catalogues.get(list);
  if (known) return known;
  const tracks = list.filter((track) => track.vector?.space === STYLE_SPACE.version);
  const catalogue = {
    tracks,
    items: tracks.map(itemOf),
    places: new Map(tracks.map(({ id }, place) => [id, place])),
  };
  catalogues.set(list, catalogue);
  return catalogue;
}

/** Everybody's and one's own; the former itself where there is none of the latter, as a catalogue may be large. */
export function together<T>(shared: readonly T[], own: readonly T[]): readonly T[] {
  return own.length === 0 ? shared : [...shared, ...own];
}

export function itemOf(track: Pick<TasteTrack, 'id' | 'vector' | 'style' | 'instruments'>): Item {
  const vector = track.vector;
  if (!vector) throw new Error(`Track ${track.id} has no style vector.`);
  return { id: track.id, vector, style: track.style, instruments: track.instruments };
}

const scans = new WeakMap<Catalogue, CatalogueScan>();

/** Laid out for looking at all of it; again where what listeners have in common was fitted anew. */
export function scanOf(catalogue: Catalogue, map: FeatureMap): CatalogueScan {
  const known = scans.get(catalogue);
  if (known && known.map.factors === map.factors) return known;
  const scan = createCatalogueScan(map, catalogue.items);
  scans.set(catalogue, scan);
  return scan;
}
