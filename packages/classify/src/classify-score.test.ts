import { createRng, createScore, type Note, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createScoreClassifier } from './classify-score.ts';
import { DRUM_STYLE_FEATURES, extractDrumFeatures } from './drums/drum-style-features.ts';
import { fitStyleModel } from './model/fit-model.ts';
import type { StyleModel } from './model/style-model.ts';

const TPQ = 480;
/** Four bars of hats, straight or as triplets, with a kick on each beat, and a melody that says nothing. */
function beat(kind: 'straight' | 'triplet', seed: number): Score {
  const rng = createRng(seed);
  const division = kind === 'straight' ? 4 : 3;
  const hit = (start: number, pitch: number): Note => ({
    start,
    duration: 20,
    pitch,
    velocity: 60 + rng.integer(50),
  });
  const hats = Array.from({ length: 16 * division }, (_, i) => hit((i * TPQ) / division, 42));
  const kicks = Array.from({ length: 16 }, (_, i) => hit(i * TPQ, 36));
  return createScore({
    tracks: [
      { isDrum: true, notes: [...kicks, ...hats] },
      { program: 0, notes: [{ start: 0, duration: TPQ, pitch: 40 + rng.integer(40), velocity: 80 }] },
    ],
  });
}
function rows(count: number, seed: number) {
  return Array.from({ length: count }, (_, i) => ({
    features: extractDrumFeatures(beat(i % 2 ? 'triplet' : 'straight', seed + i)),
    label: i % 2,
    piece: String(i),
  }));
}
const { model } = fitStyleModel(rows(24, 1), rows(12, 100), {
  name: 'beats',
  modality: 'score',
  labels: ['straight', 'triplet'],
  features: DRUM_STYLE_FEATURES,
  candidates: [{ kind: 'discriminant', shrinkage: 0.5 }],
  balance: 0,
  risk: 0.05,
  familiar: 1,
  rng: createRng(1),
});

describe('a classifier of scores', () => {
  it('reads the drums where its model was trained on drum features', () => {
    const drums = createScoreClassifier(model);
    expect(drums.classifyScore(beat('straight', 500)).probabilities[0]!.label).toBe('straight');
    expect(drums.classifyScore(beat('triplet', 501)).probabilities[0]!.label).toBe('triplet');
    expect(() =>
      drums.classifyScore(
        createScore({ tracks: [{ notes: [{ start: 0, duration: 1, pitch: 60, velocity: 1 }] }] }),
      ),
    ).toThrow(/drum/i);
    expect(() => drums.classifyScore(createScore())).toThrow(/without notes/);
  });
  it('is refused for sound, and for features that nobody knows', () => {
    const changed = (change: Partial<StyleModel>): StyleModel => ({ ...model, ...change });
    expect(() => createScoreClassifier(changed({ modality: 'audio' }))).toThrow(
      'The model beats classifies audio, not scores.',
    );
    expect(() =>
      createScoreClassifier(
        changed({ features: model.features.map((name, i) => (i === 3 ? 'future' : name)) }),
      ),
    ).toThrow(/that is not known here/);
  });
});
