import { findKey, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSets, splitOf } from '@attune/core/node';
import { mainKey, type Key } from '../score-analysis/key-measure.ts';
import { openPop909 } from '../score-analysis/pop909.ts';
import { findKeyByCorpusProfiles } from './key-finder.ts';
import type { KeyFinderResult } from './results.ts';

const MOST_PIECES = 150;
const WRITTEN = ['mutopia', 'folk-tunes'] as const;

/** Both key finders on pieces whose key somebody wrote down: annotators of POP909, editors of held-out pieces. */
export function judgeKeyFinders(): KeyFinderResult[] {
  const rows: KeyFinderResult[] = [];
  const pop = (openPop909() ?? []).filter(({ split, keys }) => split === 'test' && keys.length > 0);
  const row = (set: string, pieces: readonly { score: Score; key: Key }[]): void => {
    if (pieces.length === 0) return;
    const share = (find: (score: Score) => Key | undefined): number =>
      pieces.filter(({ score, key }) => {
        const found = find(score);
        return found?.tonic === key.tonic && found.mode === key.mode;
      }).length / pieces.length;
    rows.push({ set, pieces: pieces.length, judge: share(findKeyByCorpusProfiles), findKey: share(findKey) });
  };
  row(
    'POP909',
    pop.slice(0, MOST_PIECES).map(({ score, keys }) => ({ score, key: mainKey(keys) })),
  );
  const data = findDataDir();
  for (const set of data === undefined ? [] : openDataSets(data)) {
    if (!(WRITTEN as readonly string[]).includes(set.name)) continue;
    const items = set.items.filter(({ group }) => splitOf(group) === 'test').slice(0, 3 * MOST_PIECES);
    const pieces = items.flatMap((item) => {
      const { score } = readMidiLenient(item.bytes());
      const [only, ...more] = score.keys;
      if (!only || more.length > 0 || score.tracks.every(({ notes, isDrum }) => isDrum || notes.length < 8))
        return [];
      return [{ score, key: keyOfSignature(only) }];
    });
    row(`${set.name}, key as written`, pieces.slice(0, MOST_PIECES));
  }
  return rows;
}

function keyOfSignature({
  fifths,
  mode,
}: {
  readonly fifths: number;
  readonly mode: 'major' | 'minor';
}): Key {
  const major = (((fifths * 7) % 12) + 12) % 12;
  return { tonic: mode === 'major' ? major : (major + 9) % 12, mode };
}
