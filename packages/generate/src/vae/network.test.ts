import { createRng } from '@attune/core';
import { writeCheckpoint, type Backend, type Tensor } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { VAE_KIND } from './config.ts';
import { encodePhrases, phraseBatch, phraseNats } from './model.ts';
import { drawLatent, readVae } from './network.ts';
import { encodeSongs, songBatch } from './song-model.ts';
import { decodeLevel } from './model.ts';
import { TINY_VAE, tinyVaeFiles, tinyVaeParameters } from './tiny-vae.ts';
import { HOLD, REST } from './melody-grid.ts';

const { shape } = TINY_VAE;
const network = readVae(tinyVaeFiles());
const rng = createRng(5);
const phrase = (): Uint8Array =>
  Uint8Array.from({ length: shape.phraseSteps }, () => [HOLD, REST, 60 + rng.integer(12)][rng.integer(3)]!);
const song = (): Uint8Array => Uint8Array.from([...phrase(), ...phrase()]);

describe('the network on plain arrays', () => {
  let backend: Backend;
  let parameters: Map<string, Tensor>;
  beforeAll(async () => {
    backend = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } });
    parameters = new Map(
      [...tinyVaeParameters()].map(([name, { shape: size, data }]) => [
        name,
        backend.tf.tensor(data, [...size]),
      ]),
    );
  }, 200_000);

  it('computes what the tensors compute that it was trained with', () => {
    const { tf } = backend;
    const [one, whole] = [phrase(), song()];
    tf.tidy(() => {
      const batch = phraseBatch([one]);
      const { mean, logVariance } = encodePhrases(tf, shape, parameters, batch);
      const found = network.encodePhrase(one);
      close(found.mean, mean.dataSync());
      close(found.deviation, tf.exp(tf.mul(logVariance, 0.5)).dataSync());
      const z = Float32Array.from({ length: shape.phrase.latent }, () => rng.normal());
      const nats = tf
        .sum(phraseNats(tf, shape, parameters, tf.tensor2d(z, [1, z.length]), batch))
        .dataSync()[0]!;
      expect(network.phraseNats(z, one)).toBeCloseTo(nats, 3);

      const read = encodePhrases(tf, shape, parameters, songBatch([whole], shape).read);
      const songs = encodeSongs(tf, shape, parameters, read.mean);
      close(network.encodeSong(whole).mean, songs.mean.dataSync());
      const plan = decodeLevel(tf, 'song', shape.song!, parameters, songs.mean).dataSync();
      close(
        network.planSong(Float32Array.from(songs.mean.dataSync())).flatMap((x) => [...x]),
        plan,
      );
    });
  });

  it('writes the same for the same latent, and with chance the same for the same seed', () => {
    const z = drawLatent(network.encodeSong(song()), createRng(1));
    expect(network.decodeSong(z)).toEqual(network.decodeSong(z));
    const bold = (seed: number): Uint8Array =>
      network.decodeSong(z, { temperature: 2, rng: createRng(seed) });
    expect(bold(1)).toEqual(bold(1));
    expect(bold(1)).not.toEqual(bold(2));
    expect(() => network.decodeSong(z, { temperature: 1 })).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });

  it('agrees with itself: forced along its own writing it writes the same', () => {
    const z = Float32Array.from({ length: shape.phrase.latent }, () => rng.normal());
    const written = network.decodePhrase(z);
    expect(network.forcePhrase(z, written)).toEqual(written);
  });

  it('refuses what does not fit, naming it', () => {
    const invalid = expect.objectContaining({ code: 'model/invalid' }) as Error;
    expect(() => network.encodePhrase(new Uint8Array(3))).toThrow(invalid);
    expect(() => network.encodePhrase(new Uint8Array(16).fill(200))).toThrow('Step 0');
    expect(() => network.decodePhrase(new Float32Array(3))).toThrow(invalid);
    expect(() => network.decodePhrase(new Float32Array(10).fill(NaN))).toThrow('Dimension 0');
    expect(() => readVae(writeCheckpoint({ kind: 'other', config: {}, parameters: new Map() }))).toThrow(
      expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error,
    );
  });

  it('refuses a checkpoint with a parameter missing, misshapen, unknown or not finite', () => {
    const files = (
      change: (parameters: ReturnType<typeof tinyVaeParameters>) => void,
    ): Record<string, Uint8Array> => {
      const changed = tinyVaeParameters();
      change(changed);
      return writeCheckpoint({
        kind: VAE_KIND,
        config: TINY_VAE,
        parameters: changed,
      });
    };
    const mismatch = expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error;
    expect(() => readVae(files((p) => p.delete('phrase/head/bias')))).toThrow(mismatch);
    expect(() =>
      readVae(files((p) => p.set('phrase/head/bias', { shape: [1], data: new Float32Array(1) }))),
    ).toThrow(mismatch);
    expect(() => readVae(files((p) => p.set('more', { shape: [1], data: new Float32Array(1) })))).toThrow(
      mismatch,
    );
    expect(() => readVae(files((p) => (p.get('phrase/head/bias')!.data[0] = NaN)))).toThrow(
      expect.objectContaining({ code: 'checkpoint/malformed' }) as Error,
    );
  });
});

function close(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(1e-4);
}
