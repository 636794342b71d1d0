import { createScore, type Note, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import type { ScoreClassifier } from '../classify-score.ts';
import { describeMusic } from './describe-music.ts';

const TPQ = 480;
/** Answers with what it is given, whatever it is asked. */
function saying(probabilities: Record<string, number>): ScoreClassifier {
  const list = Object.entries(probabilities).map(([label, probability]) => ({ label, probability }));
  return {
    model: 'fixed',
    labels: Object.keys(probabilities),
    classifyScore: () => ({
      label: list[0]!.label,
      confidence: list[0]!.probability,
      probabilities: list,
      model: 'fixed',
    }),
  };
}
/** An A minor scale in quarters on a violin, with or without drums. */
function piece(drums: boolean, bpm = 60): Score {
  const scale = [57, 59, 60, 62, 64, 65, 67, 69, 64, 60, 57, 57];
  const notes = scale.map((pitch, i): Note => ({ start: i * TPQ, duration: TPQ, pitch, velocity: 40 }));
  const kit = scale.map((_, i): Note => ({ start: i * TPQ, duration: 20, pitch: 36, velocity: 90 }));
  return createScore({
    tracks: [{ program: 40, notes }, ...(drums ? [{ isDrum: true, notes: kit }] : [])],
    tempos: [{ tick: 0, bpm }],
  });
}
const style = saying({ baroque: 0.5, classical: 0.45, folk: 0.05 });

describe('a piece in words', () => {
  it('has its key, instruments and families by name', () => {
    const found = describeMusic(piece(true), { style });
    expect(found.key).toMatchObject({ name: 'A minor', tonic: 9, mode: 'minor' });
    expect(found.key!.clarity).toBeGreaterThan(0);
    expect(found.instruments).toEqual(['Violin', 'Drum kit']);
    expect(found.families).toEqual(['strings', 'drums']);
  });
  it('has the broad style where the precise one is unsure', () => {
    const found = describeMusic(piece(false), { style });
    expect(found.style.label).toBe('baroque');
    expect(found.broadStyle).toMatchObject({ label: 'concert music', path: ['concert music'] });
  });
  it('has moods as the third of all pieces that it lies in', () => {
    const slow = describeMusic(piece(false), { style }).mood;
    const fast = describeMusic(piece(true, 240), { style }).mood;
    expect(slow.energy).toMatchObject({ level: 'low', word: 'calm' });
    expect(slow.energy.quantile).toBeLessThan(1 / 3);
    expect(fast.energy.quantile).toBeGreaterThan(slow.energy.quantile);
  });
  it('has a drum style only where drums play and somebody knows them', () => {
    const drumStyle = saying({ shuffle: 1 });
    expect(describeMusic(piece(true), { style, drumStyle }).drumStyle?.label).toBe('shuffle');
    expect(describeMusic(piece(false), { style, drumStyle })).not.toHaveProperty('drumStyle');
    expect(describeMusic(piece(true), { style })).not.toHaveProperty('drumStyle');
  });
  it('has no key of drums alone, and is refused for silence', () => {
    const drumsOnly = createScore({ tracks: [piece(true).tracks[1]!] });
    expect(describeMusic(drumsOnly, { style })).not.toHaveProperty('key');
    expect(() => describeMusic(createScore(), { style })).toThrow(/without notes/);
  });
});
