import { AttuneError, createRng, createScore } from '@attune/core';
import type { Score } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import { toGrid } from '@attune/core/tokens';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GenerationRequest, Generator } from '../generator.ts';
import { buildOriginalityIndex, withFloor } from '../originality/originality.ts';
import { main } from './cli.ts';
import type { CliWorld } from './cli.ts';
import { createTinyCheckpoint, TINY_SHAPE } from '../transformer/test-checkpoint.ts';
import { createGenerator } from '../transformer/transformer-generator.ts';
import { shippedCheckpointFolder } from '../transformer/node/shipped-generator.ts';

/** A composer that writes a random tune of its seed, and remembers what it was asked. */
function fakeGenerator(asked: GenerationRequest[]): Generator {
  return {
    info: { version: 'fake-1', styles: ['folk', 'ragtime'], meters: ['4/4'], parameters: 1 },
    generate(request, hooks) {
      asked.push(request);
      const bars = request.bars ?? 4;
      hooks?.onProgress?.({ done: bars, total: bars, stage: 'composing' });
      return Promise.resolve({
        score: tune(request.seed, bars),
        conditioning: { ...request.conditioning, style: request.conditioning.style ?? 'folk' },
        seed: request.seed,
        bars,
        promptBars: 0,
        modelVersion: 'fake-1',
        nats: 1,
      } as Awaited<ReturnType<Generator['generate']>>);
    },
  };
}

/** A random tune in C. */
function tune(seed: number, bars: number): Score {
  const rng = createRng(seed);
  const scale = [60, 62, 64, 65, 67, 69, 71, 72, 74];
  const notes = Array.from({ length: bars * 4 }, (_, i) => ({
    start: i * 480,
    duration: 480,
    pitch: scale[rng.integer(scale.length)]!,
    velocity: 80,
  }));
  return createScore({ tracks: [{ program: 0, notes }] });
}

let folder: string;
let out: string[];
let err: string[];
let asked: GenerationRequest[];
let world: Partial<CliWorld>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'attune-generate-'));
  out = [];
  err = [];
  asked = [];
  world = {
    createTerminal: (quiet) => ({
      print: (line) => void out.push(line),
      say: (line) => {
        if (!quiet) err.push(line);
      },
      progress: () => undefined,
      clear: () => undefined,
    }),
    loadGenerator: () => Promise.resolve(fakeGenerator(asked)),
    loadOriginality: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: string[]): Promise<number> => main(argv, world);
const at = (name: string): string => path.join(folder, name);

describe('attune-generate', () => {
  it('passes every wish on and writes what was composed', async () => {
    const file = at('out.mid');
    const status = await run(
      ...[
        '--style',
        'Ragtime',
        '--key',
        'Bb',
        '--tempo',
        '96.5',
        '--meter',
        '2/4',
        '--bars',
        '5',
        '--seed',
        '7',
      ],
      ...[
        '--instruments',
        'piano, Violin, 42, drums',
        '--density',
        '3',
        '--range',
        'C3-84',
        '--energy',
        '0.8',
        '--valence',
        '0.2',
      ],
      ...['--tension', '0', '--temperature', '0.9', '--top-p', '0.95', '-o', file],
    );
    expect(err.filter((line) => line.startsWith('attune-generate'))).toEqual([]);
    expect(status).toBe(0);
    expect(asked).toEqual([
      {
        conditioning: {
          style: 'ragtime',
          tonic: 10,
          mode: 'major',
          tempo: 96.5,
          meter: { numerator: 2, denominator: 4 },
          instruments: [0, 40, 42, 128],
          density: 3,
          range: [48, 84],
          energy: 0.8,
          valence: 0.2,
          tension: 0,
        },
        bars: 5,
        seed: 7,
        temperature: 0.9,
        topP: 0.95,
      },
    ]);
    expect(out).toEqual([file]);
    const written = readMidi(new Uint8Array(readFileSync(file)));
    expect(written.tracks.flatMap((t) => t.notes.map((n) => n.pitch))).toEqual(
      tune(7, 5).tracks[0]!.notes.map((n) => n.pitch),
    );
    expect(readdirSync(folder)).toEqual(['out.mid']);
  });

  it('leaves open what is not asked for, and makes up a seed', async () => {
    expect(await run('-o', at('a.mid'))).toBe(0);
    expect(asked[0]!.conditioning).toEqual({});
    expect(asked[0]!.bars).toBe(16);
    expect(Number.isSafeInteger(asked[0]!.seed)).toBe(true);
  });

  it('prints one JSON object with --json, and nothing else with --quiet', async () => {
    expect(await run('--seed', '3', '--json', '-q', '-o', at('a.mid'))).toBe(0);
    expect(err).toEqual([]);
    expect(out.length).toBe(1);
    expect(JSON.parse(out[0]!)).toMatchObject({
      file: at('a.mid'),
      seed: 3,
      bars: 16,
      modelVersion: 'fake-1',
      nats: 1,
    });
  });

  it('composes candidates from following seeds and keeps the best by originality and craft', async () => {
    const known = [4, 5, 7].map((seed) => toGrid(tune(seed, 16)));
    const index = withFloor(buildOriginalityIndex(known, { sampling: 1, bitsPerRun: 24 }), [
      toGrid(tune(10, 16)),
    ]);
    world = { ...world, loadOriginality: () => Promise.resolve(index) };
    expect(await run('--seed', '4', '--candidates', '4', '--json', '-o', at('a.mid'))).toBe(0);
    expect(asked.map(({ seed }) => seed)).toEqual([4, 5, 6, 7]);
    const best = JSON.parse(out[0]!) as { seed: number; originality: { score: number } };
    expect(best.seed).toBe(6); // the only one that the index does not hold
    expect(best.originality.score).toBeGreaterThan(0.5);
  });

  it('composes anew what shares too much with the training music, before it is shown', async () => {
    const known = [4, 5].map((seed) => toGrid(tune(seed, 16)));
    const index = withFloor(buildOriginalityIndex(known, { sampling: 1, bitsPerRun: 24 }), [
      toGrid(tune(10, 16)),
    ]);
    world = { ...world, loadOriginality: () => Promise.resolve(index) };
    expect(await run('--seed', '4', '--json', '-o', at('a.mid'))).toBe(0);
    expect(asked.map(({ seed }) => seed)).toEqual([4, 5, 6]);
    expect(JSON.parse(out[0]!)).toMatchObject({ seed: 6, originality: { exceedsFloor: false } });
  });

  it('continues a MIDI file', async () => {
    writeFileSync(at('in.mid'), writeMidi(tune(1, 2)));
    expect(await run('--continue', at('in.mid'), '-o', at('a.mid'))).toBe(0);
    expect(asked[0]!.prompt!.tracks[0]!.notes.length).toBe(8);
  });

  it.each([
    [['--infill', 'in.mid', '--bars', '1-2'], { kind: 'infill', bars: [1, 2] }],
    [['--infill', 'in.mid', '--bars', '2'], { kind: 'infill', bars: [2, 2] }],
    [['--accompany', 'in.mid', '--instruments', 'cello'], { kind: 'accompany' }],
    [['--reorchestrate', 'in.mid', '--instruments', 'cello'], { kind: 'reorchestrate' }],
    [['--vary', 'in.mid'], { kind: 'vary', keep: 0.7, unit: 'bars' }],
    [['--vary', 'in.mid', '--keep', '0.25', '--unit', 'notes'], { kind: 'vary', keep: 0.25, unit: 'notes' }],
  ])('asks for the task of %o', async (argv, task) => {
    writeFileSync(at('in.mid'), writeMidi(tune(1, 2)));
    const found = argv.map((word) => (word === 'in.mid' ? at(word) : word));
    expect(await run(...found, '--seed', '1', '-o', at('a.mid'))).toBe(0);
    expect(asked[0]!.task).toMatchObject(task);
    expect((asked[0]!.task as { score: Score }).score.tracks[0]!.notes.length).toBe(8);
    expect(asked[0]!.bars).toBeUndefined();
  });

  it('passes a form on', async () => {
    expect(await run('--form', 'aaba', '-o', at('a.mid'))).toBe(0);
    expect(asked[0]!.conditioning).toEqual({ form: 'AABA' });
  });

  it.each([
    ['infill', ['--bars', '1-1'], (one: Score) => one.tracks[0]!.notes.some(({ start }) => start < 1920)],
    ['accompany', ['--instruments', 'cello'], (one: Score) => one.tracks.length === 2],
    [
      'reorchestrate',
      ['--instruments', 'cello'],
      (one: Score) => one.tracks.every(({ program }) => program === 42),
    ],
    ['vary', ['--keep', '0.5'], (one: Score) => one.tracks[0]!.notes.length > 8],
  ] as const)('writes the file of --%s with a model that learned it', async (kind, argv, isDone) => {
    const generator = createGenerator(createTinyCheckpoint(4, TINY_SHAPE, ['tasks']));
    world = { ...world, loadGenerator: () => Promise.resolve(generator) };
    writeFileSync(at('in.mid'), writeMidi(tune(1, 4)));
    expect(await run(`--${kind}`, at('in.mid'), ...argv, '--seed', '1', '-o', at('a.mid'))).toBe(0);
    expect(isDone(readMidi(new Uint8Array(readFileSync(at('a.mid')))))).toBe(true);
  });

  it('renders sound', { timeout: 60_000 }, async () => {
    expect(await run('--bars', '1', '--seed', '1', '-o', at('a.wav'))).toBe(0);
    expect(new TextDecoder().decode(readFileSync(at('a.wav')).subarray(0, 4))).toBe('RIFF');
  });

  it.each([
    ['an unknown precision', ['--precision', 'int4'], /no precision int4; it is float32 or int8/],
    ['an unknown style', ['--style', 'polka'], /"polka" is not a style; there are art-song,/],
    ['a key that is none', ['--key', 'H minor'], /"H minor" is not a key/],
    ['a key against the mode', ['--key', 'A minor', '--mode', 'major'], /not in major/],
    ['an unknown instrument', ['--instruments', 'piano,kazoo'], /"kazoo" is not a General MIDI instrument/],
    ['an instrument that fits several', ['--instruments', 'synth'], /could be Synth bass 1, /],
    ['a meter that is none', ['--meter', '4/5'], /"4\/5" is not a meter/],
    ['a range that is none', ['--range', 'low'], /"low" is not a range; write for example C3-C6 or 48-84/],
    ['no bars', ['--bars', '0'], /--bars takes a whole number from 1 to 256, not "0"/],
    ['ten thousand bars', ['--bars', '10000'], /--bars takes a whole number from 1 to 256, not "10000"/],
    ['a tempo in words', ['--tempo', 'fast'], /--tempo takes a number from 10 to 400, not "fast"/],
    ['a mood out of range', ['--energy', '2'], /--energy takes a number from 0 to 1/],
    ['a format that is not written', ['-o', 'x.ogg'], /"x.ogg" must end in .mid, .musicxml, .wav or .mp3/],
    ['a file to continue that is not there', ['--continue', '/nowhere/x.mid'], /x\.mid cannot be read/],
    ['two tasks', ['--vary', 'a.mid', '--infill', 'a.mid'], /--infill and --vary are two tasks/],
    ['bars that are no stretch', ['--infill', 'a.mid', '--bars', '5 to 8'], /for example 5-8, not "5 to 8"/],
    ['no bars to fill', ['--infill', 'a.mid'], /for example 5-8, not nothing/],
    ['bars where there are none', ['--vary', 'a.mid', '--bars', '4'], /--bars does not go with --vary/],
    ['a share of all', ['--vary', 'a.mid', '--keep', '1'], /--keep takes a number from 0.01 to 0.99/],
    ['a share of nothing', ['--keep', '0.5'], /--keep goes with --vary/],
    ['a unit that is none', ['--vary', 'a.mid', '--unit', 'beats'], /--unit takes bars or notes/],
    ['a form in numbers', ['--form', 'A1'], /--form takes letters from A to H/],
    ['a folder that is not there', ['-o', '/nowhere/at/all/x.mid'], /cannot be written \(ENOENT\)/],
  ])('refuses %s in one sentence, as wrong usage', async (_, argv, message) => {
    expect(await run(...argv)).toBe(2);
    expect(err.filter((line) => message.test(line)).length).toBe(1);
    expect(out).toEqual([]);
  });

  it('composes nothing for wrong usage', async () => {
    await run('--bars', 'many');
    expect(asked).toEqual([]);
  });

  it('fails with status 1 where the model is not installed', async () => {
    world = {
      ...world,
      loadGenerator: () => Promise.reject(new AttuneError('checkpoint/malformed', 'There is no model.')),
    };
    expect(await run('-o', at('a.mid'))).toBe(1);
    expect(err).toEqual(['attune-generate: There is no model.']);
  });

  it('refuses a damaged file to continue', async () => {
    writeFileSync(at('bad.mid'), 'not midi at all');
    expect(await run('--continue', at('bad.mid'))).toBe(1);
    expect(err[0]).toMatch(/bad\.mid is no MIDI file that can be read/);
  });

  it('leaves nothing behind when cancelled', async () => {
    const cancel = new AbortController();
    const generator = fakeGenerator(asked);
    world = {
      ...world,
      signal: cancel.signal,
      loadGenerator: () =>
        Promise.resolve({
          ...generator,
          generate: (request, hooks) => {
            cancel.abort(); // Ctrl-C while composing: the rendering must not go on
            return generator.generate(request, hooks);
          },
        }),
    };
    expect(await run('-o', at('a.wav'), '--bars', '2')).toBe(130);
    expect(err).toEqual(['Cancelled; nothing was written.']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a key for drums alone, and writes nothing', async () => {
    const generator = createGenerator(createTinyCheckpoint(4));
    world = { ...world, loadGenerator: () => Promise.resolve(generator) };
    expect(await run('--instruments', 'drums', '--key', 'C', '--seed', '1', '-o', at('a.mid'))).toBe(2);
    expect(err).toEqual([
      'attune-generate: Drums alone have no key: leave the key open, or ask for another instrument too.',
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says what is wrong with a damaged checkpoint, and writes nothing', async () => {
    const files = createTinyCheckpoint(4);
    const weights = files['weights.safetensors']!.subarray(0, 1000);
    world = {
      ...world,
      loadGenerator: () =>
        Promise.resolve().then(() => createGenerator({ ...files, 'weights.safetensors': weights })),
    };
    expect(await run('--seed', '1', '-o', at('a.mid'))).toBe(1);
    expect(err.length).toBe(1);
    expect(err[0]).toMatch(/^attune-generate: The header claims \d+ bytes/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves an older file as it was when cancelled half-way', async () => {
    const cancel = new AbortController();
    const generator = createGenerator(createTinyCheckpoint(4));
    let bars = 0;
    world = {
      ...world,
      signal: cancel.signal,
      loadGenerator: () => Promise.resolve(generator),
      createTerminal: (quiet) => ({
        ...{ print: (line) => void out.push(line), clear: () => undefined },
        say: (line) => void (quiet || err.push(line)),
        progress: ({ done }) => void ((bars = done) >= 3 && cancel.abort()),
      }),
    };
    writeFileSync(at('a.mid'), 'older');
    expect(await run('--bars', '64', '--seed', '1', '-o', at('a.mid'))).toBe(130);
    expect(bars).toBeLessThan(64);
    expect(readdirSync(folder)).toEqual(['a.mid']);
    expect(readFileSync(at('a.mid'), 'utf8')).toBe('older');
  });

  it('lists styles', async () => {
    expect(await run('styles')).toBe(0);
    expect(out).toEqual(['folk', 'ragtime']);
  });
});

const shipped = existsSync(shippedCheckpointFolder());
if (!shipped) console.log('Skipped: no shipped model is here yet.');
it.skipIf(!shipped)(
  'composes with the shipped model: the same seed gives the same file',
  { timeout: 120_000 },
  async () => {
    const { loadGenerator: _, loadOriginality: __, ...rest } = world;
    const argv = ['--style', 'folk', '--key', 'G', '--bars', '2', '--seed', '11', '-q', '-o'];
    expect(await main([...argv, at('a.mid')], rest)).toBe(0);
    expect(await main([...argv, at('b.mid')], rest)).toBe(0);
    expect(readFileSync(at('a.mid'))).toEqual(readFileSync(at('b.mid')));
    expect(readMidi(new Uint8Array(readFileSync(at('a.mid')))).tracks[0]!.notes.length).toBeGreaterThan(1);
  },
);

it.skipIf(!shipped)(
  'fills a gap with the shipped model and leaves the bars around it as they were',
  async () => {
    const { loadGenerator: _, loadOriginality: __, ...rest } = world;
    writeFileSync(at('in.mid'), writeMidi(tune(1, 4)));
    expect(await main(['--infill', at('in.mid'), '--bars', '2-3', '-q', '-o', at('a.mid')], rest)).toBe(0);
    const around = (file: string): string[] =>
      readMidi(new Uint8Array(readFileSync(at(file))))
        .tracks[0]!.notes.filter(({ start }) => start < 1920 || start >= 5760)
        .map(({ start, pitch }) => `${start} ${pitch}`);
    expect(around('a.mid')).toEqual(around('in.mid'));
  },
);
