import { describe, expect, it } from 'vitest';
import {
  amountWord,
  EMPTY_FORM,
  parseMeter,
  meterText,
  seedError,
  toRequest,
  withField,
  withInstrument,
} from './studio-form.ts';

describe('the studio form', () => {
  it('asks for nothing when everything is open', () => {
    expect(toRequest(EMPTY_FORM)).toEqual({ mode: 'controls', conditioning: {}, bars: 16 });
  });

  it('sets a field and opens it again without a trace', () => {
    const set = withField(EMPTY_FORM, 'tempo', 92);
    expect(toRequest(set)).toMatchObject({ conditioning: { tempo: 92 } });
    expect('tempo' in withField(set, 'tempo', undefined).conditioning).toBe(false);
  });

  it('keeps zero, which is a value: C is tonic 0', () => {
    expect(toRequest(withField(EMPTY_FORM, 'tonic', 0))).toMatchObject({ conditioning: { tonic: 0 } });
  });

  it('collects instruments in order and opens the field with the last one gone', () => {
    const two = withInstrument(withInstrument(EMPTY_FORM, 42, true), 0, true);
    expect(two.conditioning.instruments).toEqual([0, 42]);
    const none = withInstrument(withInstrument(two, 0, false), 42, false);
    expect(none.conditioning).toEqual({});
  });

  it('sends seed and prompt only when given', () => {
    expect(toRequest({ ...EMPTY_FORM, seed: ' 7 ', promptTrackId: 'a' })).toMatchObject({
      seed: 7,
      promptTrackId: 'a',
    });
  });

  it.each(['-1', '1.5', 'abc', '4294967296', '1e3'])('refuses the seed %s', (seed) => {
    expect(seedError(seed)).not.toBeNull();
  });
  it.each(['', '0', '4294967295'])('accepts the seed %j', (seed) => {
    expect(seedError(seed)).toBeNull();
  });
});

describe('words', () => {
  it('reads and writes meters', () => {
    expect(parseMeter('6/8')).toEqual({ numerator: 6, denominator: 8 });
    expect(parseMeter('')).toBeUndefined();
    expect(meterText({ numerator: 3, denominator: 4 })).toBe('3/4');
  });

  it('names a fifth of the range each', () => {
    expect([0, 0.19, 0.2, 0.5, 0.79, 0.8, 1].map(amountWord)).toEqual([
      'very low',
      'very low',
      'low',
      'middling',
      'high',
      'very high',
      'very high',
    ]);
  });
});
