import { describe, expect, it } from 'vitest';
import { createLiveFeatures, type LiveAudioContext, type LiveAudioNode, type LiveFrame } from './meyda.ts';

const FRAME = 2048;

/** As much of the Web Audio API as meyda uses: frames are pushed by hand. */
function fakeAudio(sampleRate: number) {
  const wires = new Set<string>();
  const node = (name: string) => ({
    name,
    connect: (to: { name: string }) => wires.add(`${name}>${to.name}`),
    disconnect: (to?: { name: string }) => {
      for (const wire of [...wires])
        if (to ? wire === `${name}>${to.name}` : wire.startsWith(`${name}>`)) wires.delete(wire);
    },
  });
  const processor = { ...node('processor'), onaudioprocess: (_: unknown): void => undefined };
  const context = { sampleRate, destination: node('destination'), createScriptProcessor: () => processor };
  const push = (samples: Float32Array): void =>
    processor.onaudioprocess({ inputBuffer: { getChannelData: () => samples } });
  return { context: context as LiveAudioContext, source: node('source') as LiveAudioNode, push, wires };
}

/** The frame that follows from one more frame of sound. */
async function listen(sampleRate: number, samples: Float32Array): Promise<LiveFrame> {
  const { context, source, push } = fakeAudio(sampleRate);
  const frames: LiveFrame[] = [];
  const live = await createLiveFeatures(context, source, (frame) => frames.push(frame));
  push(samples);
  live.stop();
  return frames.at(-1)!;
}

describe('createLiveFeatures', () => {
  it.each([44_100, 48_000, 22_050])(
    'has the units right at %i Hz, one rate after another',
    async (sampleRate) => {
      const bin = Math.round((440 * FRAME) / sampleRate) * 2; // near A5
      const hertz = (bin * sampleRate) / FRAME;
      const frame = await listen(
        sampleRate,
        Float32Array.from({ length: FRAME }, (_, i) => 0.5 * Math.sin((2 * Math.PI * bin * i) / FRAME)),
      );
      expect(frame.rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
      expect(Math.abs(frame.centroid - hertz)).toBeLessThan(0.02 * hertz);
      expect(frame.chroma[9]).toBe(1);
      expect(frame.flatness).toBeLessThan(0.01);
      expect(frame.bands.length).toBe(48);
    },
  );

  it('is finite in silence', async () => {
    const frame = await listen(44_100, new Float32Array(FRAME));
    expect([frame.rms, frame.centroid, frame.flatness]).toEqual([0, 0, 1]);
    expect([...frame.chroma].every((value) => value === 0)).toBe(true);
    expect([...frame.bands].every((level) => Math.abs(level + 100) < 1e-6)).toBe(true);
  });

  it('takes its node out of the graph when stopped', async () => {
    const { context, source, push, wires } = fakeAudio(44_100);
    let count = 0;
    const live = await createLiveFeatures(context, source, () => count++);
    push(new Float32Array(FRAME));
    expect(count).toBe(1);
    expect([...wires].sort()).toEqual(['processor>destination', 'source>processor']);
    live.stop();
    push(new Float32Array(FRAME));
    expect(count).toBe(1);
    expect([...wires]).toEqual([]);
  });
});
