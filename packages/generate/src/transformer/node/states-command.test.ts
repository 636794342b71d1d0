import { createRng, createScore, type Score } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { writeCheckpointFolder } from '@attune/core/node';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../node/cli.ts';
import { createTinyCheckpoint } from '../test-checkpoint.ts';
import { statesCommand } from './states-command.ts';

const WIDTH = 16; // of the tiny checkpoint, which has one layer
let root = '';
const at = (...parts: string[]): string => path.join(root, ...parts);
const model = (): string => at('model');

function tune(seed: number, shift = 0): Score {
  const rng = createRng(seed);
  const scale = [60, 62, 64, 65, 67, 69, 71, 72];
  const notes = Array.from({ length: 24 }, (_, i) => ({
    start: i * 480,
    duration: 480,
    pitch: scale[i === 23 ? 0 : rng.integer(8)]! + shift,
    velocity: 80,
  }));
  return createScore({ tracks: [{ program: 0, notes }] });
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-states-'));
  writeCheckpointFolder(model(), createTinyCheckpoint(6));
  mkdirSync(at('music', 'slow'), { recursive: true });
  writeFileSync(at('music', 'slow', 'one.mid'), writeMidi(tune(1)));
  writeFileSync(at('music', 'two, and "more".mid'), writeMidi(tune(2)));
  writeFileSync(at('music', 'moved.mid'), writeMidi(tune(1, 3)));
  writeFileSync(at('music', 'empty.mid'), writeMidi(createScore()));
  writeFileSync(at('music', 'notes.txt'), 'not music');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('attune-generate states', () => {
  it('writes one row a MIDI file of a folder, and names the rest', async () => {
    const log: string[] = [];
    const seen: string[] = [];
    const rows = await statesCommand([at('music')], {
      out: at('states.csv'),
      model: model(),
      log: (line) => log.push(line),
      onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    expect(rows).toBe(3);
    expect(log).toContain('left out empty.mid: A score without notes has no states.');
    expect(seen).toEqual(['0/4', '1/4', '2/4', '3/4']);
    const lines = readFileSync(at('states.csv'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    const header = lines[0]!.split(',');
    expect(header).toHaveLength(2 + WIDTH);
    expect(header.slice(0, 3)).toEqual(['file', 'sha256', expect.stringMatching(/^\S+ layer 1 mean 0$/)]);
    const [moved, one, two] = lines.slice(1);
    const bytes = readFileSync(at('music', 'slow', 'one.mid'));
    expect(one).toContain(`slow/one.mid,${createHash('sha256').update(bytes).digest('hex')},`);
    expect(two).toMatch(/^"two, and ""more""\.mid",/);
    // States are read in one key, so that a transposed piece has those of its original, and another piece has not.
    const values = (line: string): number[] => line.split(',').slice(-WIDTH).map(Number);
    values(one!).forEach((value, d) => expect(values(moved!)[d]).toBeCloseTo(value, 3));
    expect(values(two!)).not.toEqual(values(one!));
    // A mean of vectors of root mean square 1 is no longer than they are.
    const square = values(one!).reduce((sum, value) => sum + value * value, 0);
    expect(square).toBeGreaterThan(0);
    expect(square).toBeLessThanOrEqual(WIDTH * 1.001);
  });
  it('stops when told to, and then writes nothing', async () => {
    const controller = new AbortController();
    const work = statesCommand([at('music')], {
      out: at('none.csv'),
      model: model(),
      signal: controller.signal,
      onProgress: ({ done }) => void (done === 1 && controller.abort()),
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(at('none.csv'))).toBe(false);
  });
  it('refuses in one sentence what cannot be done', async () => {
    const options = { out: at('none.csv'), model: model() };
    await expect(statesCommand([at('absent')], options)).rejects.toThrow(
      /There is no file or folder .*absent/,
    );
    await expect(statesCommand([at('music', 'notes.txt')], options)).rejects.toThrow(
      /No MIDI file of .*notes/,
    );
    for (const layers of [[2], [0], [1, 1], []])
      await expect(statesCommand([at('music')], { ...options, layers })).rejects.toThrow(
        /has the layers 1 to 1, each to be named once/,
      );
    expect(existsSync(at('none.csv'))).toBe(false);
  });
  it('is a command that takes files and layers', async () => {
    const said: string[] = [];
    const status = await main(
      ['states', at('music', 'slow', 'one.mid'), '--layers', '1', '--model', model(), '--out', at('one.csv')],
      {
        createTerminal: () => ({
          print: (line) => void said.push(line),
          say: () => undefined,
          progress: () => undefined,
          clear: () => undefined,
        }),
      },
    );
    expect([status, said]).toEqual([0, [`${at('one.csv')}: 1 file`]]);
    expect(readFileSync(at('one.csv'), 'utf8').split('\n')[1]).toMatch(/^\/.*one\.mid,/);
    expect(await main(['states', at('music'), '--layers', 'all', '--out', at('x.csv')])).toBe(2);
  });
});
