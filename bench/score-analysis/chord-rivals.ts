import { CHORD_INTERVALS } from '../../packages/core/src/harmony/chord.ts';
import { gatherEvidence } from '../../packages/core/src/harmony/harmonic-evidence.ts';
import { divideHarmonically } from '../../packages/core/src/harmony/harmonic-grid.ts';
import { findKey, type ChordSpan, type Score } from '@attune/core';

/**
 * Per beat the major or minor triad whose tones, as a 0/1 template, have the greatest cosine with what sounds; no chord in
 * silence. No smoothing, no key, no bass: the textbook method.
 */
export function matchTemplates(score: Score): ChordSpan[] {
  const segments = divideHarmonically(score, 'beat');
  return gatherEvidence(score, segments).map(({ sounding }, i): ChordSpan => {
    let best = { root: 0, quality: 'maj' as 'maj' | 'min', score: 0 };
    for (let root = 0; root < 12; root++) {
      for (const quality of ['maj', 'min'] as const) {
        let sum = 0;
        for (const interval of CHORD_INTERVALS[quality]) sum += sounding[(root + interval) % 12]!;
        if (sum > best.score) best = { root, quality, score: sum };
      }
    }
    const { start, end } = segments[i]!;
    const { root, quality } = best;
    return { start, end, chord: best.score > 0 ? { root, quality, bass: root } : undefined };
  });
}

/** The tonic triad of the piece's key from beginning to end. */
export function holdTonic(score: Score): ChordSpan[] {
  const segments = divideHarmonically(score, 'bar');
  const key = findKey(score);
  if (segments.length === 0 || !key) return [];
  const chord = {
    root: key.tonic,
    quality: key.mode === 'major' ? ('maj' as const) : ('min' as const),
    bass: key.tonic,
  };
  return [{ start: 0, end: segments.at(-1)!.end, chord }];
}
