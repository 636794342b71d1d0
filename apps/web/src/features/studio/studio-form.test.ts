import { describe, expect, it } from 'vitest';
import type { ComposeOptions } from '@/api/types.ts';
import {
  amountWord,
  EMPTY_FORM,
  followText,
  formError,
  parseFollow,
  parseMeter,
  meterText,
  seedError,
  toRequest,
  withField,
  withInstrument,
  type StudioForm,
} from './studio-form.ts';

describe('the studio form', () => {
  it('asks for nothing when everything is open', () => {
    expect(toRequest(EMPTY_FORM)).toEqual({
      mode: 'controls',
      conditioning: {},
      bars: 16,
      listen: true,
      follow: 'taste',
    });
    expect('listen' in toRequest({ ...EMPTY_FORM, listen: false })).toBe(false);
  });

  it('follows a mood, all of the taste, or nothing', () => {
    expect(toRequest({ ...EMPTY_FORM, follow: { mood: 't1' } }).follow).toEqual({ mood: 't1' });
    expect('follow' in toRequest({ ...EMPTY_FORM, follow: null })).toBe(false);
    for (const follow of ['taste', { mood: 'taste' }, { mood: 't1' }, null] as const)
      expect(parseFollow(followText(follow))).toEqual(follow);
  });

  it('asks for a range of every task but the one that keeps every pitch', () => {
    const ranged = {
      ...withField(EMPTY_FORM, 'range', [48, 84]),
      sourceTrackId: 't',
      gap: ['2', '3'] as const,
    };
    const rangeOf = (task: StudioForm['task']): unknown => toRequest({ ...ranged, task }).conditioning.range;
    expect(rangeOf('compose')).toEqual([48, 84]);
    expect(rangeOf('infill')).toEqual([48, 84]);
    expect(rangeOf('reorchestrate')).toBeUndefined();
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

  it('sends a seed only when given', () => {
    expect(toRequest({ ...EMPTY_FORM, seed: ' 7 ' }).seed).toBe(7);
    expect('seed' in toRequest(EMPTY_FORM)).toBe(false);
  });

  it('sends a task with what belongs to it, and none of what the music decides', () => {
    const conditioning = {
      style: 'folk',
      tempo: 90,
      tonic: 2,
      mode: 'minor',
      form: 'AB',
      energy: 0.7,
    } as const;
    const form: StudioForm = { ...EMPTY_FORM, conditioning, sourceTrackId: 'a', gap: ['3', ' 4 '] };
    expect(toRequest({ ...form, task: 'infill' })).toEqual({
      mode: 'controls',
      conditioning: { style: 'folk', energy: 0.7 },
      task: { kind: 'infill', sourceTrackId: 'a', bars: [3, 4] },
      listen: true,
      follow: 'taste',
    });
    expect(toRequest({ ...form, task: 'vary', keep: 0.25, unit: 'notes' }).task).toEqual({
      kind: 'vary',
      sourceTrackId: 'a',
      keep: 0.25,
      unit: 'notes',
    });
    expect(toRequest({ ...form, task: 'continue' })).toMatchObject({
      bars: 16,
      task: { kind: 'continue', sourceTrackId: 'a' },
      conditioning: { form: 'AB' },
    });
    expect(toRequest({ ...form, task: 'compose' })).toMatchObject({ conditioning });
  });

  it.each(['-1', '1.5', 'abc', '4294967296', '1e3'])('refuses the seed %s', (seed) => {
    expect(seedError(seed)).not.toBeNull();
  });
  it.each(['', '0', '4294967295'])('accepts the seed %j', (seed) => {
    expect(seedError(seed)).toBeNull();
  });
});

describe('formError', () => {
  const able = { available: true, reason: null };
  const not = { available: false, reason: 'Not learned.' };
  const tasks = {
    compose: able,
    continue: able,
    infill: able,
    accompany: able,
    reorchestrate: not,
    vary: able,
  };
  const options = { tasks } as unknown as ComposeOptions;
  const errorOf = (parts: Partial<StudioForm>, bars?: number): string | null =>
    formError({ ...EMPTY_FORM, ...parts }, options, bars);

  it('says why in one sentence', () => {
    expect(errorOf({})).toBeNull();
    expect(errorOf({ task: 'reorchestrate' })).toBe('Not learned.');
    expect(errorOf({ task: 'vary' })).toBe('Choose the piece to start from.');
    expect(errorOf({ task: 'vary', sourceTrackId: 'a' })).toBeNull();
    expect(errorOf({ task: 'accompany', sourceTrackId: 'a' })).toMatch(/^Choose the instruments/);
    expect(errorOf({ seed: 'x' })).toMatch(/whole number/);
    expect(errorOf({ conditioning: { form: 'AXB' } })).toMatch(/letters from A to H/);
  });

  it('knows the bars of the piece', () => {
    const fill = (first: string, last: string): string | null =>
      errorOf({ task: 'infill', sourceTrackId: 'a', gap: [first, last] }, 16);
    expect(fill('5', '8')).toBeNull();
    for (const [first, last] of [
      ['', ''],
      ['0', '2'],
      ['8', '5'],
      ['2.5', '3'],
    ] as const)
      expect(fill(first, last)).toMatch(/from 1 to 16/);
    expect(fill('15', '17')).toMatch(/cannot be filled/);
    expect(fill('1', '16')).toMatch(/has to stay/);
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
