import { createRng, createScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { selectNodeBackend } from '@attune/core/node';
import { writeMidi } from '@attune/core/midi';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clipRows, classifyRows } from '../feature-rows.ts';
import { createAudioClassifier } from '../classify-audio.ts';
import { readStyleModel, writeStyleModel } from '../model/model-checkpoint.ts';
import { judgeFolder } from './judge-folder.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { trainNetOnFolder } from './train-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'attune-net-'));
const { tf } = await selectNodeBackend();
const QUICK = {
  steps: 25,
  batch: 8,
  frames: [40, 48] as const,
  learningRate: 0.01,
  convolutions: [{ taps: [3, 3] as const, strides: [2, 2] as const, channels: 4 }],
};

/** Two seconds of a chord, low and steady or high and broken. */
function clip(kind: string, seed: number): { sampleRate: number; channels: Float32Array[] } {
  const rng = createRng(seed);
  const base = (kind === 'low' ? 110 : 1200) * (1 + 0.2 * rng.uniform());
  const samples = Float32Array.from({ length: 32_000 }, (_, n) => {
    const gate = kind === 'low' || n % 4000 < 1500 ? 1 : 0;
    return (
      gate *
        0.2 *
        (Math.sin((2 * Math.PI * base * n) / 16_000) + Math.sin((2 * Math.PI * 1.5 * base * n) / 16_000)) +
      0.002 * rng.normal()
    );
  });
  return { sampleRate: 16_000, channels: [samples] };
}

beforeAll(() => {
  for (const kind of ['low', 'high']) {
    mkdirSync(path.join(root, 'set', kind), { recursive: true });
    for (let i = 0; i < 6; i++)
      writeFileSync(
        path.join(root, 'set', kind, `${i}.wav`),
        writeWav(clip(kind, i + (kind === 'low' ? 0 : 100))),
      );
    mkdirSync(path.join(root, 'notes', kind), { recursive: true });
    for (let i = 0; i < 2; i++)
      writeFileSync(
        path.join(root, 'notes', kind, `${i}.mid`),
        writeMidi(
          createScore({
            tracks: [
              {
                notes: [{ start: 0, duration: 480, pitch: 60 + i + (kind === 'low' ? 0 : 9), velocity: 80 }],
              },
            ],
          }),
        ),
      );
  }
});
afterAll(() => rmSync(root, { recursive: true }));

it('tells a folder of sound by a net alone, through a checkpoint, and judges it after changes', async () => {
  const data = await readLabelledFolder(path.join(root, 'set'), { mels: true });
  const stages: string[] = [];
  const run = await trainNetOnFolder(data, {
    tf,
    name: 'low-high',
    seed: 1,
    folds: 2,
    learner: 'net',
    net: QUICK,
    onProgress: ({ stage }) => stages.push(stage),
  });
  expect(run.evaluation.accuracy).toBe(1);
  expect(new Set(stages)).toEqual(new Set(['net of fold 1 of 2', 'net of fold 2 of 2', 'net of all pieces']));
  expect(run.model.net?.classes).toBe(2);
  expect(run.model.features.slice(-2)).toEqual(['heard high', 'heard low']);

  const model = readStyleModel(writeStyleModel(run.model, { modelCard: '', metrics: [], training: {} }));
  const fresh = clip('high', 500);
  const answer = createAudioClassifier(model).classifyAudio(fresh);
  expect(answer.probabilities[0]!.label).toBe('high');
  expect(answer).toEqual(createAudioClassifier(run.model).classifyAudio(fresh));
  expect(classifyRows(model, clipRows(model, fresh))).toEqual(answer);
  const section = await judgeFolder(model, path.join(root, 'set'), data, 1);
  expect(section.evaluation.items).toBe(12);
  expect(section.robustness!['6 dB softer']!.accuracy).toBe(1);
}, 300_000);

it('compares the net with measured features, and leaves it out where they do better alone', async () => {
  const data = await readLabelledFolder(path.join(root, 'set'), { mels: true });
  const run = await trainNetOnFolder(data, { tf, name: 'low-high', seed: 1, folds: 2, net: QUICK });
  expect(run.candidates.some(({ name }) => name.includes('net'))).toBe(true);
  expect(run.candidates.some(({ name }) => name.startsWith('discriminant'))).toBe(true);
  const heard = run.model.features.filter((name) => name.startsWith('heard'));
  expect(heard.length).toBe(run.model.net ? 2 : 0);
}, 300_000);

it('is refused for notes, for sound that was read without mel windows, and when cancelled', async () => {
  const options = { tf, name: 'x', seed: 1, folds: 2, net: QUICK };
  await expect(
    readLabelledFolder(path.join(root, 'notes'), { mels: true }).then((data) =>
      trainNetOnFolder(data, options),
    ),
  ).rejects.toThrow(/MIDI files are told by their features alone/);
  await expect(
    readLabelledFolder(path.join(root, 'set')).then((data) => trainNetOnFolder(data, options)),
  ).rejects.toThrow(/read without mel windows/);
  const data = await readLabelledFolder(path.join(root, 'set'), { mels: true });
  const controller = new AbortController();
  await expect(
    trainNetOnFolder(data, { ...options, signal: controller.signal, onProgress: () => controller.abort() }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(path.join(root, 'model'))).toBe(false);
}, 300_000);
