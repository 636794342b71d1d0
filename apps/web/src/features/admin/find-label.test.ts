import { expect, it } from 'vitest';
import { findLabel } from './find-label.ts';

const labels = ['art-song', 'jazz', 'drums-jazz', 'drums-rock', 'rock', 'tango-nuevo'];

it('takes the whole name before its beginning, and that before a part', () => {
  expect(findLabel(labels, 'Jazz')).toEqual({ kind: 'one', label: 'jazz' });
  expect(findLabel(labels, ' jazz d')).toEqual({ kind: 'one', label: 'drums-jazz' }); // shown as "Jazz drums"
  expect(findLabel(labels, 'art s')).toEqual({ kind: 'one', label: 'art-song' });
  expect(findLabel(labels, 'nuevo')).toEqual({ kind: 'one', label: 'tango-nuevo' });
});

it('says which it could be where several fit, and takes none where nothing does', () => {
  expect(findLabel(labels, 'drums')).toEqual({ kind: 'many', labels: ['drums-jazz', 'drums-rock'] });
  expect(findLabel(labels, 'polka')).toEqual({ kind: 'many', labels: [] });
  expect(findLabel(labels, ' ')).toEqual({ kind: 'many', labels: [] });
});
