import { expect, it } from 'vitest';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import { getTrack } from './get-track.ts';

it('shows with a track what the model of notes and the model of sound in use say, not what was replaced', async () => {
  const deps = testDeps();
  const said = (model: string, label: string, current = false) => ({
    trackId: 't',
    model,
    label,
    confidence: 0.9,
    probabilities: [],
    current,
  });
  await deps.tracks.insert({
    track: testTrack({ id: 't' }),
    assets: [],
    classifications: [
      said('ears-1', 'hymn'),
      said('ears-2', 'march'),
      said('notes-1', 'game'),
      said('notes-2', 'folk', true),
    ],
  });
  for (const [kind, version] of [
    ['style-audio', 'ears-2'],
    ['style-audio', 'ears-1'],
    ['style-symbolic', 'notes-2'],
    ['style-symbolic', 'notes-1'],
  ] as const) {
    const id = `${kind}/${version}`;
    await deps.modelVersions.put({ id, kind, version, available: true, info: {} }, deps.now());
    await deps.modelVersions.ensureActive(id);
  }
  const { classifications } = await getTrack(deps, testActor('ann'), { id: 't' });
  expect(classifications.map(({ model, label }) => [model, label])).toEqual([
    ['notes-2', 'folk'],
    ['ears-2', 'march'],
  ]);
});
