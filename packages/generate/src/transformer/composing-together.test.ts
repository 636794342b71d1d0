import { isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../generator.ts';
import { createTinyCheckpoint } from './test-checkpoint.ts';
import { createGenerator } from './transformer-generator.ts';

const files = createTinyCheckpoint(6);
const requests: GenerationRequest[] = Array.from({ length: 11 }, (_, i) => ({
  conditioning: { instruments: [i % 2 === 0 ? 0 : 40] },
  bars: 2 + (i % 5) * 6, // some go on beyond the tiny window
  seed: i,
  ...(i % 3 === 0 && { guidance: 1.5 }),
}));

describe.each(['float32', 'int8'] as const)('pieces composed at the same time, in %s', (precision) => {
  const generator = createGenerator(files, { precision });

  it('are those that are composed one after the other', async () => {
    const together = await Promise.all(requests.map((request) => generator.generate(request)));
    for (const [i, request] of requests.entries()) {
      expect(together[i]).toEqual(await generator.generate(request));
    }
  });

  it('do not mind that one is cancelled', async () => {
    const controller = new AbortController();
    const [stopped, other] = await Promise.allSettled([
      generator.generate(
        { conditioning: {}, bars: 100, seed: 1 },
        { signal: controller.signal, onBar: () => controller.abort() },
      ),
      generator.generate(requests[4]!),
    ]);
    expect(stopped.status === 'rejected' && isAttuneError(stopped.reason, 'cancelled')).toBe(true);
    expect(other).toMatchObject({ value: await generator.generate(requests[4]!) });
  });

  it('let the event loop turn meanwhile', async () => {
    let isDone = false;
    const seen = new Promise<boolean>((resolve) => setTimeout(() => resolve(!isDone)));
    await Promise.all([
      // A note leaves at most 8 bars out: more than 16 calls.
      generator.generate({ conditioning: {}, bars: 256, seed: 3 }),
      generator.generate(requests[1]!),
    ]);
    isDone = true;
    expect(await seen).toBe(true);
  });

  it('carry the version that makes them again', async () => {
    const { modelVersion } = await generator.generate(requests[0]!);
    expect(modelVersion).toBe(precision === 'int8' ? 'transformer-tiny-int8' : 'transformer-tiny');
    expect(generator.info.version).toBe(modelVersion);
  });
});
