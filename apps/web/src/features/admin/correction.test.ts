import { describe, expect, it } from 'vitest';
import type { CatalogueMap, MapPoint } from '@/api/labelling.ts';
import type { AdminClassification } from '@/api/types.ts';
import { createCorrect, withCorrection } from './correction.ts';

const row = (id: string, correctedLabel: string | null) =>
  ({ track: { id, title: id }, correctedLabel }) as AdminClassification;

/** Corrections over a map, with a server that answers when it is told to. */
function desk() {
  let map: CatalogueMap = {
    method: 'neighbours',
    left: 0,
    points: ['a', 'b'].map((trackId) => ({ trackId, correctedLabel: null }) as MapPoint),
  };
  const undos: (() => void)[] = [];
  const sent: [string, string | null][] = [];
  const answers: { accept: () => void; refuse: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  const correct = createCorrect({
    show: (id, label) => (map = withCorrection(map, id, label)),
    send: (id, label) => {
      sent.push([id, label]);
      return new Promise<void>((accept, refuse) => answers.push({ accept, refuse }));
    },
    say: (_row, _label, undo) => undos.push(undo),
    fail: (error) => errors.push(error),
  });
  const labels = () => map.points.map(({ correctedLabel }) => correctedLabel);
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { correct, undos, sent, answers, errors, labels, settled };
}

describe('correcting a label', () => {
  it('shows on the map at once, and is taken back there too', () => {
    const { correct, undos, sent, labels } = desk();
    correct(row('a', null), 'march');
    expect(labels()).toEqual(['march', null]);
    undos[0]!();
    expect(labels()).toEqual([null, null]);
    undos[1]!(); // taking back what was taken back
    expect(labels()).toEqual(['march', null]);
    expect(sent).toEqual([
      ['a', 'march'],
      ['a', null],
      ['a', 'march'],
    ]);
  });

  it('goes back to what was there when the server refuses it', async () => {
    const { correct, answers, errors, labels, settled } = desk();
    correct(row('b', 'hymn'), 'march');
    answers[0]!.refuse(new Error('no'));
    await settled();
    expect(labels()).toEqual([null, 'hymn']);
    expect(errors).toHaveLength(1);
  });

  it('keeps a later label when an earlier one is refused late', async () => {
    const { correct, answers, labels, settled } = desk();
    correct(row('a', null), 'march');
    correct(row('a', 'march'), 'folk');
    answers[1]!.accept();
    answers[0]!.refuse(new Error('slow'));
    await settled();
    expect(labels()).toEqual(['folk', null]);
  });
});
