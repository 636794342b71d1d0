import { describe, expect, it } from 'vitest';
import type { ComposeEvent } from '@/api/types.ts';
import { composeShare, composeState, composeWords } from './compose-state.ts';

const running: ComposeEvent = { jobId: 'j', status: 'running', stage: 'writing', done: 3, total: 12 };

describe('composeState', () => {
  it('is idle until asked, then working before the first event', () => {
    expect(composeState({ asked: false, event: null, failure: null })).toEqual({ phase: 'idle' });
    expect(composeState({ asked: true, event: null, failure: null })).toEqual({
      phase: 'working',
      event: null,
    });
  });

  it('is done only with a track', () => {
    const done: ComposeEvent = { ...running, status: 'done', trackId: 't' };
    expect(composeState({ asked: true, event: done, failure: null })).toMatchObject({
      phase: 'done',
      trackId: 't',
    });
    const { trackId: _, ...without } = done;
    expect(composeState({ asked: true, event: without, failure: null }).phase).toBe('working');
  });

  it('tells failure in the words of the job, else of the request', () => {
    const failed: ComposeEvent = { ...running, status: 'failed', error: 'The model stopped.' };
    expect(composeState({ asked: true, event: failed, failure: null })).toEqual({
      phase: 'failed',
      message: 'The model stopped.',
    });
    expect(composeState({ asked: false, event: null, failure: 'No connection.' })).toEqual({
      phase: 'failed',
      message: 'No connection.',
    });
  });

  it('a finished piece stays finished when the watching breaks off afterwards', () => {
    const done: ComposeEvent = { ...running, status: 'done', trackId: 't' };
    expect(composeState({ asked: true, event: done, failure: 'No connection.' }).phase).toBe('done');
  });
});

describe('progress', () => {
  it('is a share of the whole, kept within 0 and 1', () => {
    expect(composeShare(running)).toBe(0.25);
    expect(composeShare({ ...running, done: 20 })).toBe(1);
    expect(composeShare({ ...running, total: 0 })).toBeNull();
    expect(composeShare(null)).toBeNull();
  });

  it('says stage, try, bars and seed as far as they are known', () => {
    expect(composeWords({ ...running, candidate: 2, bars: 5, seed: 7 }, 16)).toBe(
      'writing · try 2 · 5 of 16 bars · seed 7',
    );
    expect(composeWords(running, 16)).toBe('writing');
  });
});
