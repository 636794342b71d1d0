import { createRng, createScore, transposeScore, type Note } from '@attune/core';
import { writeWav } from '@attune/core/audio';
import { readMidiLenient, writeMidi } from '@attune/core/midi';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTrainingMarks, writeStyleModel } from '../model/model-checkpoint.ts';
import { main } from './cli.ts';
import { readLabelledFolder } from './labelled-folder.ts';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from './shipped.ts';
import { trainOnFolder } from './train-folder.ts';

let root = '';
const out: string[] = [];
const err: string[] = [];
const at = (...parts: string[]): string => path.join(root, ...parts);
const put = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), bytes);
};

/** Slow low chords or fast high runs, so that the answer is plain. */
function piece(kind: 'slow' | 'fast', seed: number): Uint8Array {
  const rng = createRng(seed);
  const fast = kind === 'fast';
  const notes = Array.from({ length: 48 }, (_, i): Note => ({
    start: i * (fast ? 120 : 960),
    duration: fast ? 120 : 960,
    pitch: (fast ? 74 : 44) + rng.integer(12),
    velocity: 60 + rng.integer(40),
  }));
  return writeMidi(createScore({ tracks: [{ notes }] }));
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-folder-'));
  for (let i = 0; i < 8; i++) {
    put(`set/slow/${i}.mid`, piece('slow', i));
    put(`set/fast/${i}.mid`, piece('fast', 100 + i));
  }
  put('set/fast/again.mid', piece('fast', 100)); // a copy of 0.mid
  put('set/fast/broken.mid', new Uint8Array([0x4d, 0x54, 0x68, 0x64, 0]));
  put('set/fast/notes.txt', 'not music');
  put('grouped/slow/work/1.mid', piece('slow', 1));
  put('grouped/slow/2.mid', piece('slow', 2));
  put('grouped/fast/3.mid', piece('fast', 3));
  put('grouped/groups.csv', 'file,group\nslow/2.mid,a\nfast/3.mid,a\n');
  put('one/only/1.mid', piece('slow', 1));
  put('lonely/slow/1.mid', piece('slow', 1));
  put('lonely/slow/2.mid', piece('slow', 1));
  put('lonely/fast/1.mid', piece('fast', 1));
  put('lonely/fast/2.mid', piece('fast', 2));
  put('mixed/slow/1.mid', piece('slow', 1));
  put('mixed/fast/1.wav', writeWav({ sampleRate: 8000, channels: [new Float32Array(8000).fill(0.1)] }));
  put('badcsv/slow/1.mid', piece('slow', 1));
  put('badcsv/groups.csv', 'a,b\n1,2\n');
  mkdirSync(at('empty'));
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  out.length = err.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

describe('a folder of labels', () => {
  it('is read by sub-folder; what cannot be read is listed, what is no music is not looked at', async () => {
    const { files, labels, modality, skipped } = await readLabelledFolder(at('set'));
    expect([labels, modality, files.length]).toEqual([['fast', 'slow'], 'score', 17]);
    expect(skipped).toMatchObject([{ file: 'fast/broken.mid' }]);
  });
  it('takes groups from inner folders and from groups.csv', async () => {
    const { files } = await readLabelledFolder(at('grouped'));
    expect(files.map(({ id, group }) => [id, group])).toEqual([
      ['fast/3.mid', 'a'],
      ['slow/2.mid', 'a'],
      ['slow/work/1.mid', 'slow/work'],
    ]);
  });
  it('is refused in one sentence where nothing can be learned from it', async () => {
    await expect(readLabelledFolder(at('absent'))).rejects.toThrow(/There is no folder/);
    await expect(readLabelledFolder(at('empty'))).rejects.toThrow(/no readable music/);
    await expect(readLabelledFolder(at('one'))).rejects.toThrow(/one label only \(only\)/);
    await expect(readLabelledFolder(at('mixed'))).rejects.toThrow(
      /1 MIDI and 1 audio files: say with --only/,
    );
    await expect(readLabelledFolder(at('badcsv'))).rejects.toThrow(/columns file and group/);
    const lonely = await readLabelledFolder(at('lonely'));
    expect(() => trainOnFolder(lonely, { name: 'x', seed: 1 })).toThrow(
      /The label slow has 1 piece that stands alone/,
    ); // two copies of one
  });
  it('tells how far it is, and stops when told to', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const reading = readLabelledFolder(at('set'), {
      signal: controller.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 2) controller.abort();
      },
    });
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([0, 1, 2]);
  });
});

describe('attune-classify on a folder of your own', () => {
  it('trains, reports, answers by the model, and judges it on other files', async () => {
    expect(await main(['train', at('set'), '--out', at('model'), '--html', at('report.html')])).toBe(0);
    expect(out.join('')).toMatch(/same bytes/);
    expect(out.join('')).toMatch(/\| accuracy \| 1\.000 \|/);
    expect(err.join('')).toMatch(/left out fast\/broken\.mid/);
    expect(readFileSync(at('report.html'), 'utf8')).toMatch(/^<!doctype html>[^]*again\.mid/);
    const card = readFileSync(at('model', 'MODEL_CARD.md'), 'utf8');
    expect(card).toMatch(/^# set\n/);
    for (const text of [card, out.join('')]) expect(text).toMatch(/Of 10 made-up inputs that are no music/);
    out.length = 0;
    put('new/slow/x.mid', piece('slow', 55));
    put('new/fast/y.mid', piece('fast', 56));
    expect(await main(['--json', '--model', at('model'), at('new/slow/x.mid')])).toBe(0);
    expect(JSON.parse(out[0]!)).toMatchObject({ probabilities: [{ label: 'slow' }], model: 'set' });
    out.length = 0;
    expect(
      await main(['evaluate', at('new'), '--model', at('model'), '--json', '--html', at('eval.html')]),
    ).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({
      models: { new: 'set' },
      evaluations: { new: { items: 2, accuracy: 1 } },
    });
    expect(readFileSync(at('eval.html'), 'utf8')).toContain('<h2>new</h2><p>Judged by set.</p>');
    expect(JSON.parse(out.join(''))).toMatchObject({ trainedOn: { new: [] } });
    out.length = 0;
    expect(await main(['evaluate', at('new'), '--model', at('model')])).toBe(0);
    expect(out[0]).toMatch(/^## new\nJudged by set\.\n/);
    out.length = 0;
    expect(await main(['--model', at('model'), at('new/slow/x.mid')])).toBe(0);
    expect(out[0]).toMatch(/x\.mid {2}(slow|unsure) .*\[set\]\n$/);
  });
  it('warns of files that the model learned from, also in another key', async () => {
    put('seen/slow/same.mid', piece('slow', 3));
    const { score } = readMidiLenient(piece('fast', 102));
    put('seen/fast/moved.mid', writeMidi(transposeScore(score, -2)));
    put('seen/fast/new.mid', piece('fast', 77));
    const page = at('seen.html');
    expect(await main(['evaluate', at('seen'), '--model', at('model'), '--html', page])).toBe(0);
    const warning =
      '2 of 3 files are among those that the model learned from, or nearly so: what it says of them is no test.';
    expect(out[0]).toBe(
      `WARNING: ${warning}\n  fast/moved.mid: same contour\n  slow/same.mid: same bytes\n\n`,
    );
    expect(readFileSync(page, 'utf8')).toContain(
      `<b>Warning:</b> ${warning}</p><ul><li>fast/moved.mid: same contour</li><li>slow/same.mid: same bytes</li>`,
    );
    out.length = 0;
    expect(await main(['evaluate', at('seen'), '--model', at('model'), '--json'])).toBe(0);
    expect(JSON.parse(out[0]!)).toMatchObject({
      trainedOn: { seen: [{ file: 'fast/moved.mid' }, { file: 'slow/same.mid' }] },
    });
    const notes = { modelCard: '', metrics: [], training: {} };
    expect(readTrainingMarks(writeStyleModel(readModelFolder(at('model')), notes))).toBeUndefined();
  });
  it('judges by no other model than the one that was named', async () => {
    expect(await main(['evaluate', at('set'), '--model', shippedFolder(SHIPPED_AUDIO)])).toBe(1);
    expect(err.at(-1)).toBe('attune-classify: The model style-audio-2 does not read notes.\n');
    const twice = ['--model', shippedFolder(SHIPPED_SYMBOLIC), '--model', shippedFolder(SHIPPED_SYMBOLIC)];
    expect(await main(['evaluate', at('set'), ...twice])).toBe(1);
    expect(err.at(-1)).toContain('style-symbolic-2 and style-symbolic-2 both read notes: name one.');
    put('tunes/index.csv', 'id,style,group\nx,hymn,x\n');
    put('tunes/x.mid', piece('slow', 1));
    expect(await main(['evaluate', '--test', at('tunes'), '--model', shippedFolder(SHIPPED_AUDIO)])).toBe(1);
    expect(err.at(-1)).toContain('does not read notes');
    expect(out).toEqual([]);
  });
  it('says before the work that nothing can be written, in one sentence', async () => {
    const html = ['--html', at('nodir', 'r.html')];
    expect(await main(['train', at('set'), '--out', at('unwritten'), ...html])).toBe(1);
    expect(await main(['train', at('set'), '--out', at('set', 'slow', '0.mid', 'x')])).toBe(1);
    expect(
      await main(['train', at('set'), '--out', at('unwritten'), '--name', 'x', '--html', at('set')]),
    ).toBe(1);
    expect(await main(['evaluate', at('set'), ...html])).toBe(1);
    expect(await main(['fit-style-space', '--out', at('nodir')])).toBe(1);
    expect(err).toHaveLength(5); // nothing was read: the broken file would have been named
    for (const line of err)
      expect(line).toMatch(/^attune-classify: --(out|html) \S+ cannot be written: .*\.\n$/);
    expect(existsSync(at('unwritten'))).toBe(false);
  });
  it('names a file that the system refuses', async () => {
    mkdirSync(at('tunes2/index.csv'), { recursive: true });
    expect(await main(['evaluate', '--test', at('tunes2')])).toBe(1);
    expect(err.at(-1)).toMatch(/^attune-classify: .*This is a folder, not a file\.\n$/);
  });
  it('checks without training', async () => {
    expect(await main(['check', at('set'), '--json'])).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({
      items: 17,
      duplicates: [{ a: 'fast/0.mid', b: 'fast/again.mid', kind: 'same bytes' }],
    });
  });
  it('sums up in one line which features have one value throughout', async () => {
    expect(await main(['check', at('set')])).toBe(0);
    const lines = out
      .join('')
      .split('\n')
      .filter((line) => line.includes('one value throughout'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^features with one value throughout: \d+ \(\S+, \S+, \S+, and \d+ more; --json lists all\)$/,
    );
  });
  it('refuses options that would change nothing, and names them', async () => {
    const of = ['train', at('set'), '--out', at('none')];
    expect(await main([...of, '--kind', 'audio', '--also', at('new'), '--seed', '2'])).toBe(1);
    expect(err.at(-1)).toMatch(
      /^attune-classify: --kind, --also cannot be given with the folder \S+set: .*\.\n$/,
    );
    expect(await main([...of, '--cache', at('c')])).toBe(1);
    expect(await main([...of, '--data', at('new')])).toBe(1);
    expect(
      await main([
        'train',
        '--kind',
        'audio',
        '--out',
        at('none'),
        '--html',
        at('x.html'),
        '--no-robustness',
      ]),
    ).toBe(1);
    expect(err.at(-1)).toBe(
      'attune-classify: --html, --no-robustness can be given with a folder of labels only.\n',
    );
    expect(err).toHaveLength(4);
  });
  it('names the folder of a checkpoint that cannot be used', async () => {
    put('broken/config.json', '{');
    put('broken/weights.safetensors', '');
    expect(await main(['--model', at('broken'), at('new/slow/x.mid')])).toBe(1);
    expect(err.at(-1)).toContain(`attune-classify: The checkpoint ${at('broken')}: `);
    cpSync(at('model'), at('cold'), { recursive: true });
    const config = readFileSync(at('cold/config.json'), 'utf8');
    writeFileSync(at('cold/config.json'), config.replace(/"temperature": ?[\d.e-]+/, '"temperature": 0'));
    expect(await main(['evaluate', at('new'), '--model', at('cold')])).toBe(1);
    expect(err.at(-1)).toMatch(/The checkpoint \S+cold: .* wrong at temperature, which is 0: /);
  });
  it('refuses a net for notes, a learner that there is not, and writes nothing then', async () => {
    expect(await main(['train', at('set'), '--learner', 'net', '--out', at('none')])).toBe(1);
    expect(err.join('')).toContain('MIDI files are told by their features alone');
    expect(await main(['train', at('set'), '--learner', 'oracle', '--out', at('none')])).toBe(2);
    expect(existsSync(at('none'))).toBe(false);
  });
  it('refuses a model for the other kind of file, and labels that it does not know', async () => {
    expect(await main(['--model', at('model'), at('mixed/fast/1.wav')])).toBe(1);
    expect(err.join('')).toContain('does not read sound');
    expect(await main(['evaluate', at('mixed'), '--only', 'midi', '--model', at('model')])).toBe(1);
    expect(await main(['evaluate', at('grouped')])).toBe(1);
    expect(err.join('')).toContain('knows none of the labels fast, slow');
  });
});
