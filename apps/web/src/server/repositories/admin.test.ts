import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/open-database.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { testTrack } from '../testing/test-records.ts';
import type { AdminRepository, LabelFilter } from './admin.ts';
import { createPrismaAdmin } from './admin.ts';
import { createPrismaRepositories } from './prisma/index.ts';
import type { Repositories } from './types.ts';

/** Tracks by what the model of notes says (null: unsure), what the model of sound says, and what a person says. */
const SCENE: Readonly<Record<string, readonly [string | null, string | undefined, string | undefined]>> = {
  agreed: ['standards', 'jazz-standard', undefined],
  rag: ['ragtime', 'march-ragtime', 'march-ragtime'],
  differs: ['folk', 'hymn', 'march'],
  unheard: ['folk', undefined, undefined],
  unsure: [null, 'hymn', undefined],
  set: [null, undefined, 'standards'],
};
const at = new Date(Date.UTC(2026, 0, 1));

describe('what administrators see of all tracks', () => {
  let database: Database;
  let repositories: Repositories;
  let admin: AdminRepository;
  beforeAll(async () => {
    database = await openTestDatabase();
    repositories = createPrismaRepositories(database.prisma, () => 'id');
    admin = createPrismaAdmin(database.prisma);
    await database.prisma.user.create({ data: { id: 'ada', name: 'Ada', email: 'ada@attune.example' } });
    for (const [i, [id, [notes, sound, person]]] of Object.entries(SCENE).entries()) {
      const said = (model: string, label: string | null, current = false) => ({
        trackId: id,
        model,
        label,
        confidence: (i + 1) / 10,
        probabilities: [],
        current,
      });
      await repositories.tracks.insert({
        track: testTrack({ id, title: id, createdAt: new Date(at.getTime() + i) }),
        assets: [],
        // Version 1 was replaced, version 3 waits: neither is another model.
        classifications: [
          said('notes-1', 'game'),
          said('notes-2', notes, true),
          said('notes-3', 'game'),
          ...(sound === undefined ? [] : [said('sound-2', sound)]),
          said('sound-1', 'game'),
        ],
      });
      if (person !== undefined) await repositories.tracks.correct(id, person, 'ada', at);
    }
    for (const [kind, version, active] of [
      ['style-symbolic', 'notes-1', false],
      ['style-symbolic', 'notes-2', true],
      ['style-symbolic', 'notes-3', false],
      ['style-audio', 'sound-1', false],
      ['style-audio', 'sound-2', true],
    ] as const) {
      await repositories.modelVersions.put(
        { id: `${kind}/${version}`, kind, version, available: true, info: {} },
        at,
      );
      if (active) await repositories.modelVersions.ensureActive(`${kind}/${version}`);
    }
  });
  afterAll(() => database.close());

  const ids = async (filter: Partial<LabelFilter>): Promise<string[]> =>
    (await admin.listLabels({ sort: 'title', take: 20, ...filter })).map(({ track }) => track.id);

  it('differs between the models in use only, under whatever name they know a style', async () => {
    expect(await ids({ disagreement: 'models' })).toEqual(['differs']);
    const map = await admin.listMap(20);
    expect(map.filter(({ disagrees }) => disagrees).map(({ trackId }) => trackId)).toEqual(['differs']);
  });

  it('differs from a person in what it means, not in the name', async () => {
    expect(await ids({ disagreement: 'person' })).toEqual(['differs', 'set']);
    expect((await admin.totals()).confusion).toEqual([
      { corrected: 'march', predicted: 'folk', count: 1 },
      { corrected: 'march-ragtime', predicted: 'ragtime', count: 1 },
      { corrected: 'standards', predicted: null, count: 1 },
    ]);
  });

  it('finds a label that a person set, else the model; and the label of the model alone', async () => {
    expect(await ids({ label: 'folk' })).toEqual(['unheard']);
    expect(await ids({ label: 'march' })).toEqual(['differs', 'rag']);
    expect(await ids({ label: 'standards' })).toEqual(['agreed', 'set']);
    expect(await ids({ label: 'unsure' })).toEqual(['unsure']);
    expect(await ids({ predictedLabel: 'folk' })).toEqual(['differs', 'unheard']);
    expect(await ids({ predictedLabel: 'unsure', correctedLabel: 'standards' })).toEqual(['set']);
  });

  it.each(['least-sure', 'most-sure', 'newest', 'title'] as const)(
    'goes on behind a row sorted by %s, also when that row left the list',
    async (sort) => {
      const whole = await admin.listLabels({ sort, take: 20 });
      const seen: string[] = [];
      for (let after: LabelFilter['after']; ;) {
        const [row] = await admin.listLabels({ sort, take: 1, after });
        if (!row) break;
        seen.push(row.track.id);
        after = row.place;
      }
      expect(seen).toEqual(whole.map(({ track }) => track.id));
      expect(seen).toHaveLength(6);

      const [first, second] = await admin.listLabels({ sort, take: 2, unlabelled: true });
      await repositories.tracks.correct(first!.track.id, 'game', 'ada', at);
      const [next] = await admin.listLabels({ sort, take: 1, unlabelled: true, after: first!.place });
      expect(next!.track.id).toBe(second!.track.id);
      await repositories.tracks.correct(first!.track.id, undefined, 'ada', at);
    },
  );
});
