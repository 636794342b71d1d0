import { createRng, createScore } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { main } from './cli.ts';

let root = '';

/** Slow and low or fast and high, by the label, so that a model of two labels is quickly trained. */
function tune(label: 'slow' | 'fast', seed: number): Uint8Array {
  const rng = createRng(seed);
  const [step, lowest] = label === 'slow' ? [960, 44] : [120, 74];
  const notes = Array.from({ length: 40 }, (_, i) => ({
    start: i * step,
    duration: step,
    pitch: lowest + rng.integer(12),
    velocity: 80,
  }));
  return writeMidi(createScore({ tracks: [{ notes }] }));
}

function put(name: string, bytes: Uint8Array | string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), bytes);
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-examples-'));
  for (const label of ['slow', 'fast'] as const)
    for (let i = 0; i < 4; i++)
      put(`my-music/${label}/${i}.mid`, tune(label, i + (label === 'slow' ? 0 : 50)));
  for (const copy of ['FOLDER', 'new-music']) cpSync(path.join(root, 'my-music'), path.join(root, copy), { recursive: true }); // prettier-ignore
  for (const file of ['song.mid', 'new/a.mid']) put(file, tune('slow', 99));
  put('clip.mp3', writeWav({ sampleRate: 16_000, channels: [new Float32Array(16_000).fill(0.1)] }));
  for (const set of ['DIR/mutopia', 'held-out/mutopia']) {
    put(`${set}/index.csv`, 'id,path,style,group\nx,x.mid,baroque,x\n');
    put(`${set}/mutopia/x.mid`, tune('slow', 98));
  }
  mkdirSync(path.join(root, 'none'));
  mkdirSync(path.join(root, 'packages/core/src/style'), { recursive: true });
  vi.stubEnv('ATTUNE_DATA_DIR', path.join(root, 'none', 'data'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

async function run(argv: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)).length > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (err += String(text)).length > 0);
  const status = await main(argv);
  vi.restoreAllMocks();
  return { status, out, err };
}

/** The words after `attune-classify` of each line that shows a use. */
async function examplesOf(argv: readonly string[]): Promise<string[][]> {
  const { out } = await run([...argv, '--help']);
  return [...out.matchAll(/^ {2}attune-classify (.*)$/gm)].map(([, line]) =>
    line!
      .replace(/ {3,}.*$/, '')
      .trim()
      .split(/\s+/),
  );
}

/** As a shell in `root` would hand them over: patterns become the files that they match, names become paths. */
function expanded(words: readonly string[], commands: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    if (word.startsWith('-') || /^\d+$/.test(word) || words[i - 1] === '--kind') return [word];
    if (i === 0 && commands.includes(word)) return [word];
    if (!word.includes('*')) return [path.join(root, word)];
    const folder = path.join(root, path.dirname(word));
    return readdirSync(folder)
      .filter((name) => name.endsWith(path.extname(word)))
      .map((name) => path.join(folder, name));
  });
}

it('runs every example that the help shows, in the order of the help', async () => {
  const { out } = await run(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name]) => name!);
  expect(commands).toEqual(expect.arrayContaining(['train', 'check', 'evaluate', 'fit-audio-style']));
  const shown = [...(await examplesOf([]))];
  for (const command of commands) shown.push(...(await examplesOf([command])));
  expect(shown.length).toBeGreaterThan(14);
  for (const words of shown) {
    const { status, err } = await run(expanded(words, commands));
    const line = `attune-classify ${words.join(' ')}: ${err}`;
    // What needs our own data sets is understood, and says that they are not here.
    if (/No data sets were found/.test(err)) expect(line).toMatch(/ (evaluate|--kind|fit-)/);
    else expect(`${status} ${line}`).toMatch(/^0 /);
  }
}, 240_000);

it('takes --model several times, and no file for a model', async () => {
  const song = path.join(root, 'song.mid');
  const { status, err } = await run(['--model', path.join(root, 'no'), '--model', path.join(root, 'nor'), song]); // prettier-ignore
  expect(status).toBe(1);
  expect(err).toContain(`There is no checkpoint folder ${path.join(root, 'no')}.`);
  expect((await run(['--model', path.join(root, 'no')])).err).toContain('name at least one file');
});

it('refuses a seed that is none before it reads anything, and names the option', async () => {
  for (const command of [
    ['train', 'nowhere', '--out', 'x'],
    ['evaluate', 'nowhere'],
  ])
    for (const seed of ['abc', '1.5', '-1', '']) {
      const { status, err } = await run([...command, '--seed', seed]);
      expect(status).toBe(2);
      expect(err).toMatch(/--seed <n>.*whole number/s);
      expect(err).not.toContain('no folder');
    }
});
