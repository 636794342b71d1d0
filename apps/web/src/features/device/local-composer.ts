import type { Score } from '@attune/core';
import { AttuneError, createMeterMap, createRng, createTempoMap } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import type { Conditioning } from '@attune/core/style';
import { compoundTokenizer } from '@attune/core/tokens';
import { createGenerator, loadDecoderKernels, type GenerationTask, type Generator } from '@attune/generate';
import { rollOf } from '@/server/music/roll.ts';
import { titleOf } from '@/server/music/title.ts';
import { keyLabel } from '@/server/music/words.ts';
import type { DevicePiece, DeviceProgress, DeviceRequest, DeviceTask } from './composer-protocol.ts';

/** The composer in a browser: the shipped generator on files that were fetched. */
export interface LocalComposer {
  readonly modelVersion: string;
  compose(
    request: DeviceRequest,
    onProgress: (progress: DeviceProgress) => void,
    signal: AbortSignal,
  ): Promise<DevicePiece>;
}

/** Throws `checkpoint/malformed` or `checkpoint/mismatch` for files that do not make a composer. */
export async function openComposer(config: Uint8Array, weights: Uint8Array): Promise<LocalComposer> {
  const files = { 'config.json': config, 'weights.safetensors': weights };
  const generator = createGenerator(files, { kernels: await loadDecoderKernels() });
  const modelVersion = `${generator.info.version}@${await shortHash(weights)}`;
  const tokenizer = `${compoundTokenizer.name}:${await shortHash(new TextEncoder().encode(JSON.stringify(compoundTokenizer.vocabulary)))}`;
  return { modelVersion, compose: (...asked) => compose(generator, { modelVersion, tokenizer }, ...asked) };
}

async function compose(
  generator: Generator,
  names: Pick<DevicePiece, 'modelVersion' | 'tokenizer'>,
  { conditioning: asked, bars, seed, task }: DeviceRequest,
  onProgress: (progress: DeviceProgress) => void,
  signal: AbortSignal,
): Promise<DevicePiece> {
  const wish = asked as Conditioning; // the generator refuses what is no style
  let written: Pick<DeviceProgress, 'bars' | 'roll' | 'ready'> | undefined;
  const piece = await generator.generate(
    { conditioning: wish, seed, ...(task && { task: taskOf(task) }), ...(bars !== undefined && { bars }) },
    {
      signal,
      onBar: (bar, score) => {
        written = { bars: bar, ...pictureOf(score(), wish, bar) };
      },
      onProgress: ({ done, total }) => {
        if (written) onProgress({ done, total, ...written });
      },
    },
  );
  const { conditioning, analysis } = piece;
  const title = titleOf(
    { ...conditioning, energy: analysis.energy, valence: analysis.valence },
    createRng(seed).fork('title'),
  );
  return {
    ...names,
    title,
    midi: writeMidi({ ...piece.score, title }),
    roll: rollOf(piece.score, keyLabel(conditioning.tonic, conditioning.mode)),
    conditioning,
    seed,
    bars: piece.bars - piece.promptBars,
  };
}

function pictureOf(
  score: Score,
  { tonic, mode }: Conditioning,
  bars: number,
): Pick<DeviceProgress, 'roll' | 'ready'> {
  const ready = createTempoMap(score).secondsAt(createMeterMap(score).barStart(bars));
  return { roll: rollOf(score, keyLabel(tonic, mode)), ready };
}

function taskOf({ midi, ...task }: DeviceTask): GenerationTask {
  return { ...task, score: readMidi(midi) };
}

/** The first twelve hexadecimal digits of SHA-256, as the server names weights and vocabularies. */
async function shortHash(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle)
    throw new AttuneError('argument/invalid', 'This page is not served safely: hashing is not allowed.');
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 12);
}
