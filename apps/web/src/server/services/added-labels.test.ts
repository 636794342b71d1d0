import { isStyle } from '@attune/core/style';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDeps } from '../testing/test-deps.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import {
  addLabel,
  changeLabel,
  LABEL_PARENTS,
  labelTree,
  removeLabel,
  restoreLabel,
} from './added-labels.ts';
import { correctLabel } from './administer.ts';
import { getTrack } from './get-track.ts';
import { labellingState } from './labelling.ts';
import { broadLabelOf } from './said-in-use.ts';

const admin = testActor('ada', { role: 'admin' });
let deps: TestDeps;
beforeEach(async () => {
  deps = testDeps();
  for (const id of ['a', 'b', 'c']) {
    await deps.tracks.insert({
      track: testTrack({ id, style: 'folk' }),
      assets: [],
      classifications: [
        { trackId: id, model: 'm', label: 'folk', confidence: 0.9, probabilities: [], current: true },
      ],
    });
  }
});
const set = (trackId: string, label: string | null) => correctLabel(deps, admin, { trackId, label });
/** The person's label and the one on show. */
const shown = async (id: string): Promise<readonly (string | null)[]> => {
  const { correctedLabel, summary } = await getTrack(deps, admin, { id });
  return [correctedLabel, summary.style];
};

describe('added labels', () => {
  it('stand below a style or a group of styles', async () => {
    await addLabel(deps, admin, { name: 'Tango', parent: 'latin' });
    await addLabel(deps, admin, { name: 'motet', parent: 'early music' });
    const { customLabels, parents } = await labellingState(deps, admin);
    expect(customLabels).toEqual([
      { name: 'tango', parent: 'latin' },
      { name: 'motet', parent: 'early music' },
    ]);
    expect(parents).toEqual(LABEL_PARENTS);
    expect(parents.filter(isStyle)).toHaveLength(22);
    await expect(addLabel(deps, admin, { name: 'polka', parent: 'motet' })).rejects.toMatchObject({
      code: 'label/unknown',
    });
  });

  it('take their tracks along to another name, and keep their place among the keys', async () => {
    for (const name of ['tango', 'polka']) await addLabel(deps, admin, { name });
    await set('a', 'tango');
    expect(await changeLabel(deps, admin, { name: 'tango', to: 'Milonga', parent: 'latin' })).toEqual({
      name: 'milonga',
      parent: 'latin',
    });
    expect(await shown('a')).toEqual(['milonga', 'milonga']);
    expect((await labellingState(deps, admin)).customLabels.map(({ name }) => name)).toEqual([
      'milonga',
      'polka',
    ]);
    await changeLabel(deps, admin, { name: 'milonga', to: 'tango', parent: null });
    expect(await shown('a')).toEqual(['tango', 'tango']);
    for (const to of ['polka', 'folk', 'unsure'])
      await expect(changeLabel(deps, admin, { name: 'tango', to, parent: null })).rejects.toMatchObject({
        code: 'label/exists',
      });
    await expect(changeLabel(deps, admin, { name: 'waltz', to: 'x', parent: null })).rejects.toMatchObject({
      code: 'label/unknown',
    });
  });

  it('leave their tracks to the style above them, or to the model, and come back', async () => {
    await addLabel(deps, admin, { name: 'tango', parent: 'latin' });
    await addLabel(deps, admin, { name: 'motet', parent: 'early music' });
    await set('a', 'tango');
    await set('b', 'motet');
    await set('c', 'motet');
    const tango = await removeLabel(deps, admin, { name: 'tango' });
    const motet = await removeLabel(deps, admin, { name: 'motet' });
    expect([await shown('a'), await shown('b')]).toEqual([
      ['latin', 'latin'],
      [null, 'folk'],
    ]);
    await expect(set('a', 'tango')).rejects.toMatchObject({ code: 'label/unknown' });

    await set('c', 'hymn'); // said since then: that stays
    for (const removed of [tango, motet]) await restoreLabel(deps, admin, removed);
    expect([await shown('a'), await shown('b'), await shown('c')]).toEqual([
      ['tango', 'tango'],
      ['motet', 'motet'],
      ['hymn', 'hymn'],
    ]);
  });

  it('are for administrators', async () => {
    const bob = testActor('bob');
    const refused = { code: 'access/denied' };
    await expect(removeLabel(deps, bob, { name: 'tango' })).rejects.toMatchObject(refused);
    await expect(changeLabel(deps, bob, { name: 'tango', to: 'x', parent: null })).rejects.toMatchObject(
      refused,
    );
    const removed = { name: 'tango', parent: null, trackIds: [], replacement: null };
    await expect(restoreLabel(deps, bob, removed)).rejects.toMatchObject(refused);
  });
});

describe('the broad label of a model that is unsure', () => {
  const said = (shares: Readonly<Record<string, number>>, parts = {}) => ({
    model: 'm',
    label: null,
    confidence: Math.max(...Object.values(shares)),
    probabilities: Object.entries(shares).map(([label, probability]) => ({ label, probability })),
    ...parts,
  });

  it('adds up what stands below it, added labels and other names too', () => {
    const tree = labelTree([{ name: 'bebop', parent: 'jazz and swing' }]);
    const shares = { 'jazz-standard': 0.3, bebop: 0.3, jazz: 0.25, folk: 0.15 };
    const broad = broadLabelOf(said(shares), tree);
    expect(broad?.label).toBe('jazz and swing');
    expect(broad?.probability).toBeCloseTo(0.85, 12);
    expect(broadLabelOf(said(shares), labelTree([]))).toBeNull(); // bebop stands nowhere: 0.55 is not enough
  });

  it('says nothing where the model is sure, or the music unlike all that it knows', () => {
    const tree = labelTree([]);
    const shares = { baroque: 0.5, romantic: 0.45, rock: 0.05 };
    expect(broadLabelOf(said(shares), tree)?.label).toBe('concert music');
    expect(broadLabelOf(said(shares, { unsure: 'unfamiliar' }), tree)).toBeNull();
    expect(broadLabelOf(said(shares, { label: 'baroque' }), tree)).toBeNull();
    expect(broadLabelOf(said({ baroque: 0.97, rock: 0.03 }), tree)).toBeNull(); // withheld though so probable
  });
});
