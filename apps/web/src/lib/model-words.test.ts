import { SHIPPED_AUDIO, SHIPPED_SYMBOLIC } from '@attune/classify/node';
import { expect, it } from 'vitest';
import { modelWords } from './model-words.ts';

it('says of the shipped models, and those trained from them, what they listen to', () => {
  expect(modelWords(SHIPPED_SYMBOLIC)).toBe(`Model of notes, ${SHIPPED_SYMBOLIC}`);
  expect(modelWords(`${SHIPPED_AUDIO}.3`)).toBe(`Model of sound, ${SHIPPED_AUDIO}.3`);
  expect(modelWords('none')).toBe('none');
});
