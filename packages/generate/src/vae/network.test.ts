import { createRng } from '@attune/core';
import { writeCheckpoint, type Backend, type Tensor } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePhrases, phraseBatch, phraseNats } from './model.ts';
import { drawLatent, readVae } from './network.ts';
import { encodeSongs, songBatch } from './song-model.ts';
import { decodeLevel } from './model.ts';
import { tinyVae, tinyVaeFiles, tinyVaeParameters } from './tiny-vae.ts';
import { gridOfLines, type VoiceGrid } from './voice-grid.ts';
import { DRUMS, MELODY, TRIO } from './voice-sets.ts';
import { HOLD, REST } from './voices.ts';

const rng = createRng(5);
const invalid = expect.objectContaining({ code: 'model/invalid' }) as Error;
const mismatch = expect.objectContaining({ code: 'checkpoint/mismatch' }) as Error;

describe.each([MELODY, DRUMS, TRIO])('the network on plain arrays: $name', (set) => {
  const { shape } = tinyVae(set);
  const network = readVae(tinyVaeFiles(set), set);
  const phrase = (): VoiceGrid =>
    gridOfLines(
      set.voices.map((voice) =>
        Uint16Array.from({ length: shape.phraseSteps }, () =>
          voice === 'drums' ? rng.integer(512) : [HOLD, REST, 60 + rng.integer(12)][rng.integer(3)]!,
        ),
      ),
    );
  const song = (): VoiceGrid => Uint16Array.from([...phrase(), ...phrase()]);
  let backend: Backend;
  let parameters: Map<string, Tensor>;
  beforeAll(async () => {
    backend = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } });
    parameters = new Map(
      [...tinyVaeParameters(set)].map(([name, { shape: size, data }]) => [
        name,
        backend.tf.tensor(data, [...size]),
      ]),
    );
  }, 200_000);

  it('computes what the tensors compute that it was trained with', () => {
    const { tf } = backend;
    const [one, whole] = [phrase(), song()];
    tf.tidy(() => {
      const batch = phraseBatch(shape.voices, [one]);
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
    const bold = (seed: number): VoiceGrid => network.decodeSong(z, { temperature: 2, rng: createRng(seed) });
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
    expect(() => network.encodePhrase(new Uint16Array(3))).toThrow(invalid);
    const wrong = phrase();
    wrong[set.voices.length] = 600;
    expect(() => network.encodePhrase(wrong)).toThrow(`Step 1 of the ${set.voices[0]}`);
    expect(() => network.decodePhrase(new Float32Array(3))).toThrow(invalid);
    expect(() => network.decodePhrase(new Float32Array(10).fill(NaN))).toThrow('Dimension 0');
  });

  it('refuses a checkpoint of another kind or of other voices', () => {
    const other = set === DRUMS ? TRIO : DRUMS;
    expect(() => readVae(tinyVaeFiles(other), set)).toThrow(mismatch);
    const files = writeCheckpoint({
      kind: set.kind,
      config: tinyVae(other),
      parameters: tinyVaeParameters(other),
    });
    expect(() => readVae(files, set)).toThrow(
      `The model writes ${other.voices.join(', ')}, and ${set.voices.join(', ')} is needed.`,
    );
  });

  it('refuses a checkpoint with a parameter missing, misshapen, unknown or not finite', () => {
    const bias = `phrase/${set.voices[0]}/head/bias`;
    const read = (change: (parameters: ReturnType<typeof tinyVaeParameters>) => void) => () => {
      const changed = tinyVaeParameters(set);
      change(changed);
      return readVae(writeCheckpoint({ kind: set.kind, config: tinyVae(set), parameters: changed }), set);
    };
    const one = { shape: [1], data: new Float32Array(1) };
    expect(read((p) => p.delete(bias))).toThrow(mismatch);
    expect(read((p) => p.set(bias, one))).toThrow(mismatch);
    expect(read((p) => p.set('more', one))).toThrow(mismatch);
    expect(read((p) => (p.get(bias)!.data[0] = NaN))).toThrow(
      expect.objectContaining({ code: 'checkpoint/malformed' }) as Error,
    );
  });
});

function close(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(1e-4);
}
