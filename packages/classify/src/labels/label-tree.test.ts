import { STYLES } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import { broadAnswer, createLabelTree, pathTo, placeLabel, STYLE_TREE } from './label-tree.ts';

const tree = createLabelTree({ strings: ['bowed', 'harp'], bowed: ['violin', 'cello'] });
const of = (
  probabilities: Record<string, number>,
): { probabilities: { label: string; probability: number }[] } => ({
  probabilities: Object.entries(probabilities).map(([label, probability]) => ({ label, probability })),
});

describe('labels under broader ones', () => {
  it('lead from the broadest to the label', () => {
    expect(pathTo(tree, 'cello')).toEqual(['strings', 'bowed', 'cello']);
    expect(pathTo(tree, 'drums')).toEqual(['drums']);
    expect(pathTo(tree, 'constructor')).toEqual(['constructor']); // no label is looked up in what objects inherit
  });
  it('answer as precisely as the probabilities allow', () => {
    const answer = of({ violin: 0.5, cello: 0.35, harp: 0.1, drums: 0.05 });
    expect(broadAnswer(tree, answer, 0.5)).toEqual({
      label: 'violin',
      probability: 0.5,
      path: ['strings', 'bowed', 'violin'],
    });
    expect(broadAnswer(tree, answer, 0.8)).toMatchObject({ label: 'bowed', path: ['strings', 'bowed'] });
    expect(broadAnswer(tree, answer, 0.8)!.probability).toBeCloseTo(0.85, 12);
    expect(broadAnswer(tree, answer, 0.9)!.label).toBe('strings');
    expect(broadAnswer(tree, answer, 0.97)).toBeUndefined();
  });
  it('give no answer to what is unlike all music', () => {
    expect(broadAnswer(tree, { ...of({ drums: 1 }), unsure: 'unfamiliar' })).toBeUndefined();
  });
  it('take a label more', () => {
    const larger = placeLabel(tree, 'viola', 'bowed');
    expect(broadAnswer(larger, of({ viola: 0.6, drums: 0.4 }), 0.5)!.path).toEqual([
      'strings',
      'bowed',
      'viola',
    ]);
    expect(pathTo(tree, 'viola')).toEqual(['viola']);
  });
  it('refuse a second place and a circle', () => {
    expect(() => createLabelTree({ a: ['x'], b: ['x'] })).toThrow('The label x stands below a already.');
    expect(() => createLabelTree({ a: ['b'], b: ['a'] })).toThrow('The label a would stand below itself.');
    expect(() => placeLabel(tree, 'strings', 'cello')).toThrow(/below itself/);
  });
  it('hold every style of Attune', () => {
    expect(STYLES.filter((style) => pathTo(STYLE_TREE, style).length < 2)).toEqual([]);
  });
});
