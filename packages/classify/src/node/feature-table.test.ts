import { createRng, createScore, isAttuneError, type Note } from '@attune/core';
import { SYMBOLIC_FEATURES } from '@attune/core/features';
import { writeMidi } from '@attune/core/midi';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './cli.ts';
import { joinTable, readFeatureTable } from './feature-table.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { readModelFolder } from './shipped.ts';
import { trainOnFolder } from './train-folder.ts';

let root = '';
const out: string[] = [];
const err: string[] = [];
const at = (...parts: string[]): string => path.join(root, ...parts);

/** Random notes: nothing in them tells one label from the other. */
function piece(seed: number): Uint8Array {
  const rng = createRng(seed);
  const notes = Array.from({ length: 40 }, (_, i): Note => ({
    start: i * 240 * (1 + rng.integer(2)),
    duration: 120 + rng.integer(240),
    pitch: 50 + rng.integer(24),
    velocity: 60 + rng.integer(40),
  }));
  return writeMidi(createScore({ tracks: [{ notes }] }));
}

const COUNT = 12; // pieces a label
const LABELS = ['north', 'south'] as const;
const idsOf = (folder: string): { id: string; side: number; bytes: Uint8Array }[] =>
  LABELS.flatMap((label, side) =>
    Array.from({ length: COUNT }, (_, i) => {
      const id = `${label}/${i}.mid`;
      return { id, side, bytes: readFileSync(at(folder, id)) };
    }),
  );
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-table-'));
  for (const [side, label] of LABELS.entries()) {
    mkdirSync(at('set', label), { recursive: true });
    for (let i = 0; i < COUNT; i++) writeFileSync(at('set', label, `${i}.mid`), piece(100 * side + i));
  }
  const rng = createRng(5);
  const files = idsOf('set');
  const table = (header: string, row: (file: (typeof files)[number]) => string): string =>
    `${[header, ...files.map(row)].join('\n')}\n`;
  const telling = (side: number): string => (side * 4 + rng.normal() * 0.3).toFixed(3);
  writeFileSync(
    at('telling.csv'),
    table('file,sha256,latitude,noise', ({ id, side, bytes }) =>
      [id, sha(bytes), telling(side), rng.normal().toFixed(3)].join(','),
    ),
  );
  writeFileSync(
    at('by-path.csv'),
    table('latitude,file', ({ id, side }) => `${telling(side)},${id}`),
  );
  writeFileSync(
    at('short.csv'),
    `file,latitude\n${files
      .slice(0, 20)
      .map(({ id }) => `${id},1\n`)
      .join('')}`,
  );
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  out.length = err.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

describe('a table of further columns', () => {
  it('is read by content or by path', () => {
    const byContent = readFeatureTable(at('telling.csv'));
    expect(byContent.columns).toEqual(['latitude', 'noise']);
    const bytes = readFileSync(at('set', 'south', '3.mid'));
    expect(byContent.rowOf({ name: 'elsewhere.mid', digest: sha(bytes) })!.latitude).toBeGreaterThan(2);
    expect(byContent.rowOf({ name: 'south/3.mid', digest: '' })).toBeUndefined();
    const byPath = readFeatureTable(at('by-path.csv'));
    expect(byPath.rowOf({ name: './south/3.mid', digest: '' })!.latitude).toBeGreaterThan(2);
  });
  it.each([
    ['absent', undefined, /There is no table .*absent\.csv that can be read/],
    ['nameless', 'a,b\n1,2\n', /needs a header with the column file/],
    ['bare', 'file,sha256\nx,y\n', /at least one column of numbers/],
    ['twice', 'file,a,a\nx,1,2\n', /two columns named a/],
    ['ragged', 'file,a\nx,1\ny\n', /Line 3 of .* has 1 values, and its header 2/],
    ['wordy', 'file,a\nx,1\ny,much\n', /Line 3 of .* has "much" in the column a/],
    ['hole', 'file,a\nx,\n', /Line 2 of .* has "" in the column a/],
  ])('is refused where it is %s', (name, text, message) => {
    const file = at(`${name}.csv`);
    if (text !== undefined) writeFileSync(file, text);
    expect(() => readFeatureTable(file)).toThrow(message);
  });
  it('needs a row for each file, and names those without', async () => {
    const folder = await readLabelledFolder(at('set'));
    expect(() => joinTable(folder, readFeatureTable(at('short.csv')))).toThrow(
      /short\.csv has no row for south\/10\.mid, south\/11\.mid, south\/8\.mid and 1 more\./,
    );
    expect(await main(['train', at('set'), '--features', at('short.csv'), '--out', at('none')])).toBe(1);
    expect(err.join('')).toContain('has no row for south/10.mid');
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('a model that reads columns', () => {
  it('is chosen where they tell more than the notes, asks for them, and answers by them', async () => {
    const trained = await main(['train', at('set'), '--features', at('telling.csv'), '--out', at('model')]);
    expect(trained).toBe(0);
    expect(out.join('')).toMatch(/\| accuracy \| (1\.000|0\.9\d\d) \|/); // by the notes it is a coin
    const model = readModelFolder(at('model'));
    expect(model.columns).toBe(2);
    expect(model.features.slice(-2)).toEqual(['latitude', 'noise']);
    const card = readFileSync(at('model', 'MODEL_CARD.md'), 'utf8');
    expect(card).toMatch(/of the first \d+ features/); // learners without the columns stand beside

    // A copy elsewhere is known by its content; a file that the table does not know, and no table, are refused.
    copyFileSync(at('set', 'south', '2.mid'), at('moved.mid'));
    writeFileSync(at('new.mid'), piece(999));
    out.length = err.length = 0;
    const classify = (file: string, ...more: string[]): Promise<number> =>
      main(['--json', '--features', at('telling.csv'), '--model', at('model'), ...more, '--', file]);
    expect(await classify(at('moved.mid'))).toBe(0);
    expect(JSON.parse(out[0]!)).toMatchObject({ probabilities: [{ label: 'south' }] });
    expect(await classify(at('new.mid'))).toBe(1);
    expect(err.join('')).toContain('telling.csv has no row for this file.');
    err.length = 0;
    expect(await main(['--model', at('model'), '--', at('moved.mid')])).toBe(1);
    expect(err.join('')).toContain('The model set reads the column latitude of a table');

    out.length = err.length = 0;
    const evaluate = ['evaluate', at('set'), '--model', at('model'), '--json'];
    expect(await main([...evaluate, '--features', at('telling.csv')])).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({ evaluations: { set: { items: 24 } }, rejections: {} });
    expect(await main(evaluate)).toBe(1);
    expect(err.join('')).toContain('reads the column latitude of a table');
  }, 60_000);
  it('does without them where they say nothing', async () => {
    const folder = await readLabelledFolder(at('set'));
    const columns = 3;
    const rng = createRng(8);
    // The first feature is made to tell the label, and the columns to tell nothing.
    const files = folder.files.map((file) => {
      const row = Float64Array.from([
        ...file.rows[0]!,
        ...Array.from({ length: columns }, () => rng.normal()),
      ]);
      row[0] = (file.label === 'south' ? 4 : 0) + 0.3 * rng.normal();
      return { ...file, rows: [row] };
    });
    const featureNames = [...folder.featureNames, 'a', 'b', 'c'];
    const lines: string[] = [];
    const { model, evaluation } = trainOnFolder(
      { ...folder, files, featureNames, columns },
      { name: 'x', seed: 1, log: (line) => lines.push(line) },
    );
    expect(model.columns).toBeUndefined();
    expect(lines).toContain('The columns of the table add nothing: the model does without them.');
    expect(model.features).toEqual(SYMBOLIC_FEATURES.map(({ name }) => name));
    expect(evaluation.accuracy).toBeGreaterThan(0.9);
    expect(lines.some((line) => line.includes('of the first'))).toBe(true);
  }, 60_000);
  it('refuses columns of sound with a typed error', async () => {
    const folder = await readLabelledFolder(at('set'));
    const join = (): unknown =>
      joinTable({ ...folder, modality: 'audio' }, readFeatureTable(at('by-path.csv')));
    expect(join).toThrow(expect.toSatisfy((error: unknown) => isAttuneError(error, 'argument/invalid')));
  });
});
