import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary = 'npm pack of each package, used from a plain JavaScript project by import and require';

const root = path.resolve(import.meta.dirname, '..');
const PACKAGES = ['core', 'generate', 'classify', 'recommend'];

/** What the plain project runs: every package does a piece of its own work, checked against a known answer. */
const PROGRAM = `
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createRng, createScore, transposeScore, findKey } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import { readWav, writeWav } from '@attune/core/audio';
import { styleVectorOf, STYLE_SPACE, STYLES } from '@attune/core/style';
import { createFeatureMap, createTaste, inferPosterior, predict, rate } from '@attune/recommend';
import { loadShippedGenerator } from '@attune/generate/node';
import { loadShippedClassifiers } from '@attune/classify/node';

const scale = [60, 62, 64, 65, 67, 69, 71, 72];
const notes = scale.map((pitch, i) => ({ start: i * 480, duration: 480, pitch, velocity: 80 }));
const score = createScore({ ticksPerQuarter: 480, tracks: [{ name: 'scale', program: 0, isDrum: false, notes, controls: [], bends: [] }] });
assert.deepEqual(readMidi(writeMidi(score)).tracks[0].notes.map((note) => note.pitch), scale);
assert.equal(findKey(transposeScore(score, 2)).tonic, 2);
console.log('core: a scale through MIDI and back, its key found');

const clip = { sampleRate: 8000, channels: [Float32Array.from({ length: 800 }, (_, i) => Math.sin(i / 4))] };
assert.equal(readWav(writeWav(clip, { bits: 16 })).channels[0].length, 800);
console.log('core/audio: WAV through and back');

const item = { id: 'a', vector: styleVectorOf(score), style: 'folk', instruments: [0] };
const map = createFeatureMap(STYLE_SPACE, STYLES);
const liked = inferPosterior(rate(createTaste(), 'a', 5, 0), map, () => item, 0);
assert.ok(predict(liked, item).mean > 0.2);
console.log('recommend: five stars make the track liked');

const generator = await loadShippedGenerator();
const piece = await generator.generate({ conditioning: { style: 'folk', tonic: 7, mode: 'major' }, bars: 4, seed: 7 });
assert.ok(piece.score.tracks.some((track) => track.notes.length > 0));
console.log('generate: 4 bars of', piece.conditioning.style, 'by', piece.modelVersion);

const classifiers = await loadShippedClassifiers();
const result = classifiers.classifyScore(piece.score);
assert.ok(Math.abs(result.probabilities.reduce((sum, entry) => sum + entry.probability, 0) - 1) < 1e-6);
console.log('classify:', result.label ?? 'unsure', result.probabilities[0]);

const require = createRequire(import.meta.url);
for (const name of ['core', 'generate', 'classify', 'recommend']) assert.ok(Object.keys(require('@attune/' + name)).length > 0);
assert.equal(createRng(1).uint32(), require('@attune/core').createRng(1).uint32());
console.log('require works for all four');
`;

export function run(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-pack-'));
  try {
    const archives = PACKAGES.map((name) => {
      const cwd = path.join(root, 'packages', name);
      execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd });
      const archive = readdirSync(folder).find((file) => file.startsWith(`attune-${name}-`))!;
      console.log(`${archive.padEnd(30)} ${(statSync(path.join(folder, archive)).size / 1e6).toFixed(2)} MB`);
      return path.join(folder, archive);
    });
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: 'plain', private: true, type: 'module' }),
    );
    writeFileSync(path.join(folder, 'main.js'), PROGRAM);
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--omit=optional'];
    execFileSync('npm', ['install', ...quiet, ...archives], { cwd: folder, stdio: 'inherit' });
    execFileSync(process.execPath, ['main.js'], { cwd: folder, stdio: 'inherit' });
    for (const command of ['attune-generate', 'attune-classify']) {
      const help = execFileSync(path.join(folder, 'node_modules/.bin', command), ['--help'], {
        encoding: 'utf8',
      });
      console.log(`${command} --help: ${help.split('\n').length} lines`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
