import { STYLE_SPACE } from '@attune/core/style';
import type { Actor } from '../context.ts';
import type { TrackRecord } from '../repositories/types.ts';

/** A track record; what a test does not say is plain. */
export function testTrack(parts: Partial<TrackRecord> & { readonly id: string }): TrackRecord {
  return {
    ownerId: null,
    catalogueKey: null,
    title: `Title of ${parts.id}`,
    kind: 'score',
    source: 'catalogue',
    style: 'folk',
    seconds: 20,
    tempo: 100,
    meter: '4/4',
    tonic: 0,
    mode: 'major',
    instruments: [0],
    vector: testVector({}),
    thumbnail: [[0, 0.5, 0.1]],
    provenance: null,
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    ...parts,
  };
}

/** The average piece, but for the dimensions named. */
export function testVector(values: Readonly<Record<string, number>>) {
  return { space: STYLE_SPACE.version, values: STYLE_SPACE.dimensions.map(({ name }) => values[name] ?? 0) };
}

export function testActor(id: string, parts: Partial<Actor> = {}): Actor {
  return { id, name: id, email: `${id}@attune.example`, isGuest: false, role: 'user', ...parts };
}
