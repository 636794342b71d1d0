import { createScore } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createAudioClassifier } from './classify-audio.ts';
import { createScoreClassifier } from './classify-score.ts';
import { classifyRows, clipRows, scoreRows } from './feature-rows.ts';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './node/shipped.ts';

const notes = [60, 64, 67, 72, 71, 67, 65, 62].map((pitch, i) => ({
  start: 480 * i,
  duration: 400,
  pitch,
  velocity: 80,
}));
const score = createScore({ tracks: [{ program: 0, notes }] });
const clip = {
  sampleRate: 22_050,
  channels: [Float32Array.from({ length: 44_100 }, (_, n) => 0.3 * Math.sin(n / 9) * Math.sin(n / 5000))],
};
const [symbolic, audio] = [SHIPPED_SYMBOLIC, SHIPPED_AUDIO].map((name) =>
  readModelFolder(shippedFolder(name)),
) as [ReturnType<typeof readModelFolder>, ReturnType<typeof readModelFolder>];

describe('rows of features', () => {
  it('give the same answers as the classifiers of scores and of sound', () => {
    expect(classifyRows(symbolic, scoreRows(symbolic, score)).label).toBe(
      createScoreClassifier(symbolic).classifyScore(score).label,
    );
    const [rows, whole] = [
      classifyRows(audio, clipRows(audio, clip)),
      createAudioClassifier(audio).classifyAudio(clip),
    ];
    expect(rows.probabilities[0]!.label).toBe(whole.probabilities[0]!.label);
    expect(rows.confidence).toBeCloseTo(whole.confidence, 4); // rows are kept in single precision
  });

  it('are refused of the other kind of model, and of a score without notes', () => {
    expect(() => scoreRows(audio, score)).toThrow(/reads sound, not notes/);
    expect(() => clipRows(symbolic, clip)).toThrow(/reads notes, not sound/);
    expect(() => scoreRows(symbolic, createScore())).toThrow(/without notes/);
  });
});
