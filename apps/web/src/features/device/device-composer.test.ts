import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readMidi } from '@attune/core/midi';
import { loadShippedGenerator, shippedCheckpointFolder } from '@attune/generate/node';
import { describe, expect, it, vi } from 'vitest';
import type { DeviceProgress, FromComposer, ToComposer } from './composer-protocol.ts';
import {
  canCompose,
  DeviceComposer,
  type ComposerPort,
  type DeviceComposerParts,
} from './device-composer.ts';
import { openComposer } from './local-composer.ts';

const FILES = { config: new ArrayBuffer(2), weights: new ArrayBuffer(3) };

/** A worker that answers as it is told. */
function fakePort(answer: (message: ToComposer, say: (message: FromComposer) => void) => void) {
  const port: ComposerPort = {
    onmessage: null,
    onerror: null,
    terminate: vi.fn(),
    postMessage: (message: ToComposer) =>
      answer(message, (said) =>
        (port.onmessage as unknown as (event: { data: FromComposer }) => void)({ data: said }),
      ),
  };
  return port;
}

function composerWith(answer: Parameters<typeof fakePort>[0], parts: Partial<DeviceComposerParts> = {}) {
  const forgetFiles = vi.fn(() => Promise.resolve());
  const loadFiles = vi.fn(() => Promise.resolve(FILES));
  const composer = new DeviceComposer({
    createPort: () => fakePort(answer),
    loadFiles,
    forgetFiles,
    ...parts,
  });
  return { composer, forgetFiles, loadFiles };
}

const signal = new AbortController().signal;
const load = (composer: DeviceComposer): Promise<void> => composer.load('m@1', () => undefined, signal);
const compose = (composer: DeviceComposer): Promise<unknown> =>
  composer.compose({ conditioning: {}, bars: 4, seed: 1 }, () => undefined);

describe('DeviceComposer', () => {
  it('loads a version once', async () => {
    const { composer, loadFiles } = composerWith((_, say) => say({ kind: 'loaded', modelVersion: 'm@1' }));
    await load(composer);
    await load(composer);
    expect(loadFiles).toHaveBeenCalledTimes(1);
  });

  it('throws away files that make another model, or none, and tries again when asked', async () => {
    for (const answer of [
      { kind: 'loaded', modelVersion: 'm@2' },
      { kind: 'failed', code: 'checkpoint/malformed', message: 'x' },
    ] as const) {
      const { composer, loadFiles, forgetFiles } = composerWith((_, say) => say(answer));
      await expect(load(composer)).rejects.toThrow(/does not fit this version/);
      expect(forgetFiles).toHaveBeenCalledTimes(1);
      await expect(load(composer)).rejects.toThrow();
      expect(loadFiles).toHaveBeenCalledTimes(2);
    }
  });

  it('says what went wrong: a wish in the words of the composer, a crash in ours, a stop as what it is', async () => {
    const failing = (code: string | null) =>
      composerWith((_, say) => say({ kind: 'failed', code, message: 'Bars are whole.' })).composer;
    await expect(compose(failing('argument/invalid'))).rejects.toThrow('Bars are whole.');
    await expect(compose(failing(null))).rejects.toThrow(/stopped working/);
    await expect(compose(failing('cancelled'))).rejects.toMatchObject({ name: 'Cancelled' });
  });

  it('rejects what waits when the worker dies, and starts another', async () => {
    let made = 0;
    const { composer } = composerWith(() => undefined, {
      createPort: () => {
        made++;
        const port = fakePort((_message, say) =>
          made === 1
            ? (port.onerror as unknown as () => void)()
            : say({ kind: 'failed', code: 'argument/invalid', message: 'Alive.' }),
        );
        return port;
      },
    });
    await expect(compose(composer)).rejects.toThrow(/stopped working/);
    await expect(compose(composer)).rejects.toThrow('Alive.');
    expect(made).toBe(2);
  });
});

describe('canCompose', () => {
  it('is not possible where there are neither workers nor a cache', () => expect(canCompose()).toBe(false));
});

const installed = existsSync(shippedCheckpointFolder());
if (!installed) console.info('Composing as a browser does is left out: the shipped composer is not there.');

describe.skipIf(!installed)('openComposer', () => {
  it('writes the notes that the server writes, bar by bar, and stops when told', async () => {
    const read = (file: string): Uint8Array =>
      new Uint8Array(readFileSync(path.join(shippedCheckpointFolder(), file)));
    const composer = await openComposer(read('config.json'), read('weights.safetensors'));
    const request = {
      conditioning: { style: 'folk', instruments: [24, 73], tempo: 96 },
      bars: 4,
      seed: 12,
    } as const;
    const seen: DeviceProgress[] = [];
    const piece = await composer.compose(request, (progress) => seen.push(progress), signal);
    const theirs = await (await loadShippedGenerator()).generate(request);
    expect(readMidi(piece.midi).tracks.map(({ notes }) => notes)).toEqual(
      theirs.score.tracks.map(({ notes }) => notes).filter((notes) => notes.length > 0),
    );
    expect(seen.map(({ done, total, bars }) => [done, total, bars])).toEqual(
      [1, 2, 3, 4].map((bar) => [bar, 4, bar]),
    );
    const { meter } = theirs.conditioning;
    expect(seen[0]!.ready).toBeCloseTo((60 / 96) * ((meter!.numerator * 4) / meter!.denominator), 6);
    const stopped = new AbortController();
    await expect(
      composer.compose({ ...request, bars: 32 }, () => stopped.abort(), stopped.signal),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
