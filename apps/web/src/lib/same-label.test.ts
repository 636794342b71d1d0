import { shippedFolder, readModelFolder, SHIPPED_AUDIO } from '@attune/classify/node';
import { isStyle } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import { isSameLabel, LABEL_PAIRS, nameIn, styleOfLabel } from './same-label.ts';

describe('labels of another name', () => {
  it('are those of the shipped model of sound, beside styles', () => {
    const { labels } = readModelFolder(shippedFolder(SHIPPED_AUDIO));
    for (const [label, style] of LABEL_PAIRS)
      expect([labels.includes(label), isStyle(label), isStyle(style)]).toEqual([true, false, true]);
  });

  it('say the same in both directions, and nothing else does', () => {
    expect(isSameLabel('jazz-standard', 'standards')).toBe(true);
    expect(isSameLabel('ragtime', 'march-ragtime')).toBe(true);
    expect(isSameLabel('march', 'march-ragtime')).toBe(true);
    expect(isSameLabel('march', 'ragtime')).toBe(false);
    expect(isSameLabel('standards', 'march-ragtime')).toBe(false);
    expect(isSameLabel(null, null)).toBe(true);
    expect(isSameLabel(null, 'march')).toBe(false);
  });

  it('show a track under a style where they stand for one alone', () => {
    expect(['jazz-standard', 'march-ragtime', 'tango', null].map(styleOfLabel)).toEqual([
      'standards',
      'march-ragtime',
      'tango',
      null,
    ]);
  });

  it('are what a model calls a style that it does not know by name', () => {
    expect(nameIn(['jazz-standard', 'folk'], 'standards')).toBe('jazz-standard');
    expect(nameIn(['march-ragtime', 'march'], 'march')).toBe('march');
    expect(nameIn(['folk'], 'march')).toBe('march');
  });
});
