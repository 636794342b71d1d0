import { STYLES } from '@attune/core/style';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getTrack } from '../services/get-track.ts';
import { chooseQueue } from '../services/choose-queue.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor } from '../testing/test-records.ts';
import { writeTestCatalogue } from '../testing/write-test-catalogue.ts';
import { catalogueEntry, seedCatalogue } from './seed-catalogue.ts';

const SHIPPED = path.resolve(import.meta.dirname, '../../../../../prisma/seed');

describe('seedCatalogue', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('fills an empty database once, and later adds only what is new', async () => {
    const deps = testDeps();
    await writeTestCatalogue(folder, 3);
    expect(await seedCatalogue(deps, folder)).toEqual({ added: 3, total: 3 });
    expect(await seedCatalogue(deps, folder)).toEqual({ added: 0, total: 3 });
    await writeTestCatalogue(folder, 4);
    expect(await seedCatalogue(deps, folder)).toEqual({ added: 1, total: 4 });
    const queue = await chooseQueue(deps, testActor('ann'), { take: 10 });
    expect(queue).toHaveLength(4);
    const detail = await getTrack(deps, testActor('ann'), { id: queue[0]!.id });
    expect(detail.roll?.tracks).toHaveLength(2);
    expect(detail.owned).toBe(false);
  });

  it('does without a catalogue, and refuses one of another form', async () => {
    const deps = testDeps();
    expect(await seedCatalogue(deps, folder)).toEqual({ added: 0, total: 0 });
    fs.writeFileSync(path.join(folder, 'catalogue.json'), '{"version":2,"pieces":[]}');
    await expect(seedCatalogue(deps, folder)).rejects.toThrow();
  });

  const shipped = fs.existsSync(path.join(SHIPPED, 'catalogue.json'));
  if (!shipped) console.info('The shipped catalogue is left out: prisma/seed/catalogue.json is not there.');
  it.skipIf(!shipped)(
    'ships at least 100 pieces, in every style, each of 12 s or more, titles all different',
    () => {
      const { pieces } = JSON.parse(fs.readFileSync(path.join(SHIPPED, 'catalogue.json'), 'utf8')) as {
        pieces: unknown[];
      };
      const entries = pieces.map((piece) => catalogueEntry.parse(piece));
      expect(entries.length).toBeGreaterThanOrEqual(100);
      expect(new Set(entries.map(({ provenance }) => provenance.conditioning['style'])).size).toBe(
        STYLES.length,
      );
      expect(entries.filter(({ description }) => description.seconds < 12).map(({ key }) => key)).toEqual([]);
      expect(new Set(entries.map(({ title }) => title)).size).toBe(entries.length);
      expect(
        entries.filter(({ key }) => !fs.existsSync(path.join(SHIPPED, 'catalogue', `${key}.mid`))),
      ).toEqual([]);
    },
  );
});
