import { expect, it } from 'vitest';
import { keyOfLabel, LABEL_KEYS, labelOfKey, PICKER_KEY } from './label-keys.ts';

it('gives every label its own key and finds it again', () => {
  const labels = LABEL_KEYS.map((_, index) => `label ${index}`);
  labels.forEach((label, index) => expect(labelOfKey(labels, keyOfLabel(index)!)).toBe(label));
});

it('does not clash with the keys for rating and playing', () => {
  for (const key of ['s', 'n', 'l', 'u', '?', ' ', PICKER_KEY])
    expect(labelOfKey(Array<string>(40).fill('x'), key)).toBeNull();
});

it('knows no key beyond the labels there are, nor labels beyond the keys', () => {
  expect(labelOfKey(['only'], '2')).toBeNull();
  expect(keyOfLabel(LABEL_KEYS.length)).toBeNull();
});
