import { expect, it } from 'vitest';
import {
  formatBytes,
  formatDate,
  formatList,
  formatPercent,
  formatSigned,
  formatTime,
  humanise,
} from './format.ts';
import { tempoWord } from './describe.ts';

it('formats clock times, also of nonsense', () => {
  expect([0, 9.9, 60, 187, 3600, -3, NaN].map(formatTime)).toEqual([
    '0:00',
    '0:09',
    '1:00',
    '3:07',
    '60:00',
    '0:00',
    '0:00',
  ]);
});

it('formats shares without claiming a zero that is none', () => {
  expect([0, 0.004, 0.734, 1].map(formatPercent)).toEqual(['0 %', '< 1 %', '73 %', '100 %']);
});

it('formats sizes', () => {
  expect([512, 1500, 2_400_000, 50_000_000].map(formatBytes)).toEqual(['512 B', '2 kB', '2.4 MB', '50 MB']);
});

it('formats lists, dates, signs and slugs', () => {
  expect(formatList(['piano', 'bass', 'drums'])).toBe('piano, bass, and drums');
  expect(formatDate('2026-03-04T05:06:00Z')).toBe('Mar 4, 2026, 5:06 AM');
  expect([-0.42, 0.001, 1.5].map((value) => formatSigned(value))).toEqual(['−0.42', '0.00', '+1.50']);
  expect(humanise('string-quartet')).toBe('String quartet');
});

it('says tempo in a word', () => {
  expect([60, 76, 111, 112, 152].map(tempoWord)).toEqual(['slow', 'moderate', 'moderate', 'lively', 'fast']);
});
