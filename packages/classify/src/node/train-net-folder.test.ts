import { createRng, createScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { selectNodeBackend } from '@attune/core/node';
import { writeMidi } from '@attune/core/midi';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clipRows, classifyRows } from '../feature-rows.ts';
import { createAudioClassifier } from '../classify-audio.ts';
import { readStyleModel, writeStyleModel } from '../model/model-checkpoint.ts';
import { CHANGES } from './audio-data.ts';
import { main } from './cli.ts';
import { hearChanged, type ChangedFile } from './changed-files.ts';
import { judgeFolder } from './judge-folder.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { trainNetOnFolder, trainOnFolder } from './train-folder.ts';

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
  const changed: ChangedFile[] = [];
  for await (const file of hearChanged(path.join(root, 'set'), ['high/1.wav', 'low/2.wav', 'low/3.wav'], {
    seed: 1,
  }))
    changed.push(file);
  const run = await trainNetOnFolder(data, {
    tf,
    name: 'low-high',
    seed: 1,
    folds: 2,
    learner: 'net',
    net: QUICK,
    changed,
    onProgress: ({ stage }) => stages.push(stage),
  });
  expect(run.evaluation.accuracy).toBe(1);
  expect(new Set(stages)).toEqual(new Set(['net of fold 1 of 2', 'net of fold 2 of 2', 'net of all pieces']));
  expect(run.model.net?.classes).toBe(2);
  // Two labels as far apart as these survive a change of level and a codec; judged is what was given changed, no more.
  expect(Object.keys(run.robustness!)).toEqual(Object.keys(CHANGES));
  expect(run.robustness!['6 dB softer']).toMatchObject({ items: 3, accuracy: 1 });
  expect(run.robustness!['MP3 64 kbit/s']).toMatchObject({ items: 3, accuracy: 1 });
  expect(run.unchanged).toMatchObject({ items: 3, accuracy: 1 });
  expect(run.evaluation.items).toBe(12);
  expect(run.rejection!.strangers).toBe(17); // silence, click, 6 sines, 2 sweeps, 4 noises, 3 in bursts
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

it('hears the changes of a folder file by file, and stops at once when told to', async () => {
  const data = await readLabelledFolder(path.join(root, 'set'), { mels: true });
  const model = trainOnFolder(data, { name: 'x', seed: 1, folds: 2 }).model;
  const controller = new AbortController();
  const stages: string[] = [];
  const judging = judgeFolder(model, path.join(root, 'set'), data, 1, {
    signal: controller.signal,
    onProgress: ({ done, total, stage }) => {
      stages.push(`${done}/${total} ${stage}`);
      if (done === 1) controller.abort();
    },
  });
  await expect(judging).rejects.toMatchObject({ code: 'cancelled' });
  expect(stages).toEqual(['0/12 high/0.wav after changes', '1/12 high/1.wav after changes']);
}, 300_000);

it('trains by the command on two files of each of two labels, and reports what lies outside of them', async () => {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const page = path.join(root, 'report.html');
  for (const kind of ['low', 'high'])
    for (const i of [0, 1])
      cpSync(path.join(root, 'set', kind, `${i}.wav`), path.join(root, 'small', kind, `${i}.wav`));
  const train = [
    'train',
    path.join(root, 'small'),
    '--learner',
    'features',
    '--out',
    path.join(root, 'small-model'),
  ];
  expect(await main([...train, '--html', page])).toBe(0);
  expect(out.join('')).toMatch(/4 of the files, as they are and changed:/);
  expect(out.join('')).toMatch(/\| MP3 64 kbit\/s \| 1\.000 \|/);
  expect(out.join('')).toMatch(/Of 17 made-up inputs/);
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('<h3>What is no music of this world</h3><p>Of 17 made-up inputs');
  for (const change of Object.keys(CHANGES)) expect(html).toContain(`<th scope="row">${change}</th>`);
  const metrics = readFileSync(path.join(root, 'small-model', 'metrics.jsonl'), 'utf8');
  expect(metrics).toContain('"on":"cross-validation, white noise 10 dB below"');
  out.length = 0;
  expect(await main([...train, '--no-robustness'])).toBe(0);
  expect(out.join('')).not.toContain('MP3');
  vi.restoreAllMocks();
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
