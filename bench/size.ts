import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listBrowserEntries, measureBundle, type BundleSize, type Size } from './browser/bundle.ts';

export const summary =
  'bytes that each entry, and single functions, bring into a browser bundle, beside other packages';

const root = path.resolve(import.meta.dirname, '..');

/** Functions that someone may want alone, and the package that is commonly taken for the same work. */
const FUNCTIONS: readonly (readonly [entry: string, name: string, rivals?: readonly string[]])[] = [
  ['@attune/core', 'transposeScore'],
  ['@attune/core', 'findKey'],
  ['@attune/core', 'createTempoMap'],
  ['@attune/core', 'recogniseChords'],
  ['@attune/core/midi', 'readMidi', ['@tonejs/midi', 'midi-file']],
  ['@attune/core/midi', 'writeMidi'],
  ['@attune/core/midi', 'readMidiFile'],
  ['@attune/core/midi', 'scoreToToneMidi'],
  ['@attune/core/notation', 'writeMusicXml'],
  ['@attune/core/notation', 'readAbc'],
  ['@attune/core/audio', 'writeWav'],
  ['@attune/core/audio', 'resample'],
  ['@attune/core/audio', 'measureLoudness'],
  ['@attune/core/audio', 'encodeFlac'],
  ['@attune/core/audio', 'decodeAudio'],
  ['@attune/core/spectral', 'createRealFft', ['fft.js']],
  ['@attune/core/spectral', 'stft'],
  ['@attune/core/features', 'createFeaturePlan', ['meyda']],
  ['@attune/core/features', 'trackBeats'],
  ['@attune/core/features', 'extractSymbolicFeatures'],
  ['@attune/core/tokens', 'encodeRemi'],
  ['@attune/core/style', 'styleVectorOf'],
  ['@attune/core/nn', 'selectBackend'],
  ['@attune/core/synth', 'renderScore', ['spessasynth_core']],
  ['@attune/generate', 'createGenerator'],
  ['@attune/classify', 'createScoreClassifier'],
  ['@attune/recommend', 'recommend'],
];

export async function run(): Promise<void> {
  printTable(
    'entry, all of it',
    await rowsOf(listBrowserEntries().map((entry) => [entry, `export * from '${entry}';`])),
  );
  const functions = FUNCTIONS.flatMap(([entry, name, rivals = []]) => [
    [`\`${name}\` of ${entry}`, `export { ${name} } from '${entry}';`] as const,
    ...rivals.map((rival) => [`– ${rival} ${versionOf(rival)}`, wholeOf(rival)] as const),
  ]);
  printTable('one function', await rowsOf(functions));
}

async function rowsOf(sources: readonly (readonly [label: string, source: string])[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [label, source] of sources) rows.push([label, ...cellsOf(await measureBundle(source))]);
  return rows;
}

function cellsOf({ initial, onDemand, shares }: BundleSize): string[] {
  const others = shares.filter(([name]) => name !== 'attune').slice(0, 3);
  return [
    ...sizeCells(initial),
    ...sizeCells(onDemand),
    others.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(', ') || '–',
  ];
}

function sizeCells({ minified, gzip }: Size): string[] {
  return minified === 0 ? ['–', '–'] : [kilobytes(minified), kilobytes(gzip)];
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(bytes < 9950 ? 1 : 0);
}

/** All that a package exports, its default export included. */
function wholeOf(name: string): string {
  return `import * as all from '${name}'; console.log(all);`;
}

function versionOf(name: string): string {
  const manifest = readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const head = [title, 'kB at once', 'gzip', 'kB on demand', 'gzip', 'of the first: packages'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(line(head));
  console.log(line(head.map((_, i) => (i === 0 || i === 5 ? '---' : '---:'))));
  for (const row of rows) console.log(line(row));
  console.log('');
}
