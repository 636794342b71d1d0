import { countNotes, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSet } from '@attune/core/node';
import { TOKENIZERS, type EncodingLoss, type Tokenizer } from '@attune/core/tokens';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MIDI_SETS } from './midi-import.ts';

export const summary = 'every real file through every tokenizer: what is lost, tokens a note, notes a second';

/** `[EVERY]`: takes one file of so many; default 1, all. Prints Markdown tables. */
export function run(args: readonly string[]): void {
  const folder = findDataDir();
  if (!folder) {
    console.log('No data folder: set ATTUNE_DATA_DIR.');
    return;
  }
  const every = Number(args[0] ?? 1);
  const tallies = TOKENIZERS.map(newTally);
  let [files, notes, drums, line] = [0, 0, 0, 0];
  for (const name of MIDI_SETS.filter((set) => existsSync(path.join(folder, set, 'index.csv')))) {
    for (const item of openDataSet(path.join(folder, name)).items) {
      if (line++ % every !== 0) continue;
      const { score } = readMidiLenient(item.bytes());
      files++;
      notes += countNotes(score);
      drums += countNotes({ tracks: score.tracks.filter((track) => track.isDrum) });
      // In turn, so that no tokenizer always finds the file warm.
      TOKENIZERS.forEach((_, i) => {
        const at = (i + files) % TOKENIZERS.length;
        measure(TOKENIZERS[at]!, score, tallies[at]!);
      });
    }
  }
  console.log(`${files} files, ${notes} notes, ${drums} of them drum strokes\n`);
  const row = (label: string, cell: (tally: Tally) => string | number): void => {
    console.log(`| ${[label, ...tallies.map((tally) => String(cell(tally)))].join(' | ')} |`);
  };
  row('', (tally) => tally.name);
  console.log(`|---|${tallies.map(() => '---:').join('|')}|`);
  const share = (count: number): string => `${((100 * count) / files).toFixed(1)} %`;
  row('files whose notes come back exactly: onsets, lengths, velocities, pitches', (t) => share(t.exact));
  row('… but for velocity', (t) => share(t.exactTimes));
  row('files with every onset exact and no note dropped', (t) => share(t.exactOnsets));
  row('fixed point: encoding what came back gives the same tokens', (t) => share(t.fixed));
  row('notes kept', (t) => `${t.kept} (${((100 * t.kept) / notes).toFixed(3)} %)`);
  row('notes merged with an equal one', (t) => notes - t.kept);
  row('notes shortened where struck again', (t) => t.sums.cutOverlaps);
  row('notes whose onset moved', (t) => `${((100 * t.sums.quantisedOnsets) / notes).toFixed(2)} %`);
  row('farthest onset moved, quarters', (t) => t.worst.maxOnsetShift.toFixed(4));
  row('farthest onset moved, ms at the score’s tempo', (t) =>
    (1000 * t.worst.maxOnsetShiftSeconds).toFixed(1),
  );
  row('median over files of the farthest, ms', (t) => (1000 * median(t.onsetSeconds)).toFixed(2));
  row(
    'melodic notes whose length changed',
    (t) => `${((100 * t.sums.quantisedDurations) / (notes - drums)).toFixed(2)} %`,
  );
  row('greatest change of a length, quarters', (t) => t.worst.maxDurationChange.toFixed(3));
  row('greatest change of a length, ms', (t) => (1000 * t.worst.maxDurationChangeSeconds).toFixed(1));
  row('median over files of the greatest, ms', (t) => (1000 * median(t.lengthSeconds)).toFixed(2));
  row('lengths clipped', (t) => t.sums.clippedDurations);
  row('greatest change of a velocity', (t) => t.worst.maxVelocityChange);
  row('silences shortened, in files', (t) => `${t.sums.shortenedGaps}, ${t.gapFiles}`);
  row('tempo changes not in the tokens’ own time', (t) => (t.keepsClock ? 0 : t.sums.flattenedTempos));
  row('tokens a note, flat', (t) => (t.tokens / t.kept).toFixed(3));
  row('steps of a model a note', (t) => (t.steps / t.kept).toFixed(3));
  row('encoding, notes a CPU second', (t) => Math.round(notes / t.encode));
  row('decoding, notes a CPU second', (t) => Math.round(t.kept / t.decode));
  row('grammar check of the flat tokens, tokens a CPU second', (t) => Math.round(t.tokens / t.check));
}

type Sums = Pick<
  EncodingLoss,
  | 'cutOverlaps'
  | 'quantisedOnsets'
  | 'quantisedDurations'
  | 'clippedDurations'
  | 'shortenedGaps'
  | 'flattenedTempos'
>;
type Worst = Pick<
  EncodingLoss,
  | 'maxOnsetShift'
  | 'maxOnsetShiftSeconds'
  | 'maxDurationChange'
  | 'maxDurationChangeSeconds'
  | 'maxVelocityChange'
>;

type Tally = ReturnType<typeof newTally>;
function newTally({ name }: Tokenizer) {
  const sums: { -readonly [K in keyof Sums]: number } = {
    cutOverlaps: 0,
    quantisedOnsets: 0,
    quantisedDurations: 0,
    clippedDurations: 0,
    shortenedGaps: 0,
    flattenedTempos: 0,
  };
  const worst: { -readonly [K in keyof Worst]: number } = {
    maxOnsetShift: 0,
    maxOnsetShiftSeconds: 0,
    maxDurationChange: 0,
    maxDurationChangeSeconds: 0,
    maxVelocityChange: 0,
  };
  const onsetSeconds: number[] = [];
  const lengthSeconds: number[] = [];
  return {
    ...{ name, keepsClock: name.startsWith('midi-like'), sums, worst, onsetSeconds, lengthSeconds },
    ...{ exact: 0, exactTimes: 0, exactOnsets: 0, fixed: 0, gapFiles: 0, kept: 0, tokens: 0, steps: 0 },
    ...{ encode: 0, decode: 0, check: 0 },
  };
}

function measure(tokenizer: Tokenizer, score: Score, tally: Tally): void {
  let encoded!: ReturnType<Tokenizer['encode']>;
  tally.encode += cpuSeconds(() => (encoded = tokenizer.encode(score)));
  const { sequence, loss } = encoded;
  let back!: Score;
  tally.decode += cpuSeconds(() => (back = tokenizer.decode(sequence)));
  const tokens = tokenizer.tokensOf(sequence);
  tally.check += cpuSeconds(() => tokenizer.sequenceOf(tokens, sequence)); // throws where the grammar does not take it
  const again = tokenizer.tokensOf(tokenizer.encode(back).sequence);
  if (Buffer.from(again.buffer).equals(Buffer.from(tokens.buffer))) tally.fixed++;
  const kept = tokenizer.noteCount(sequence);
  tally.kept += kept;
  tally.tokens += tokens.length;
  tally.steps += tokenizer.name.startsWith('compound')
    ? tokens.length / tokenizer.vocabulary.length
    : tokens.length;
  for (const key of Object.keys(tally.sums) as (keyof Sums)[]) tally.sums[key] += loss[key];
  for (const key of Object.keys(tally.worst) as (keyof Worst)[])
    tally.worst[key] = Math.max(tally.worst[key], loss[key]);
  tally.onsetSeconds.push(loss.maxOnsetShiftSeconds);
  tally.lengthSeconds.push(loss.maxDurationChangeSeconds);
  if (loss.shortenedGaps > 0) tally.gapFiles++;
  const { quantisedOnsets, mergedDuplicates, movedDrums, foldedPitches, addedSilence, droppedBars } = loss;
  if (quantisedOnsets + mergedDuplicates + addedSilence + droppedBars > 0) return;
  tally.exactOnsets++;
  if (loss.maxDurationChange + movedDrums + foldedPitches > 0) return;
  tally.exactTimes++;
  if (loss.quantisedVelocities === 0) tally.exact++;
}

/** Processor time of this process, so that other work on the machine does not count. */
function cpuSeconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
