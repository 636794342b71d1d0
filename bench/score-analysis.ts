import {
  alignToBeats,
  BEAT_WEIGHTS,
  createRng,
  createTempoMap,
  findKey,
  findKeys,
  formatChord,
  recogniseChords,
  trackBeats,
  type BeatTimes,
  type ChordSpan,
  type KeySpan,
  type Score,
} from '@attune/core';
import type { Split } from '@attune/core/node';
import { gatherEvidence } from '../packages/core/src/harmony/harmonic-evidence.ts';
import { divideHarmonically } from '../packages/core/src/harmony/harmonic-grid.ts';
import { keysOf } from '../packages/core/src/harmony/recognise-chords.ts';
import { measureBeats, measureDownbeats } from './score-analysis/beat-measure.ts';
import { countAt120, countAtTempo, followTempo, readQuarters } from './score-analysis/beat-rivals.ts';
import { CHORD_MEASURES, measureChords } from './score-analysis/chord-measure.ts';
import { holdTonic, matchTemplates } from './score-analysis/chord-rivals.ts';
import { fitBeats } from './score-analysis/fit-beats.ts';
import { candidateOfLabel, fitChords, type ChordLesson } from './score-analysis/fit-chords.ts';
import { mainKey, parseKey, weightKey, type Key } from './score-analysis/key-measure.ts';
import { openPop909, type AnnotatedPiece } from './score-analysis/pop909.ts';

export const summary = 'keys, chords and beats of POP909 beside what its annotators heard, with baselines';

/** Every n-th piece of the training part is enough for so few figures. */
const CHORD_STRIDE = 4;
const BEAT_STRIDE = 6;

/**
 * `[test|validation|train]`: the tables on that part (test by default). `fit [beats|chords]`: prints the weights
 * that the training part gives.
 */
export function run(args: readonly string[]): void {
  const pieces = openPop909();
  if (!pieces) {
    console.log('The pop909 set and its annotations are not there: set ATTUNE_DATA_DIR.');
    return;
  }
  const training = pieces.filter(({ split }) => split === 'train');
  if (args[0] === 'fit') {
    if (args[1] !== 'chords') fitBeatWeights(training);
    if (args[1] !== 'beats') fitChordWeights(training);
    return;
  }
  const part = (args[0] ?? 'test') as Split;
  const chosen = pieces.filter(({ split }) => split === part);
  console.log(`POP909, ${part} part: ${chosen.length} of ${pieces.length} pieces\n`);
  if (chosen.length === 0) return;
  tabulateKeys(chosen, training);
  const tracked = tabulateBeats(chosen);
  tabulateChords(chosen, tracked);
}

function fitBeatWeights(training: readonly AnnotatedPiece[]): void {
  const beats = fitBeats(
    training.filter((_, i) => i % BEAT_STRIDE === 0),
    { tightness: BEAT_WEIGHTS.tightness, downbeats: BEAT_WEIGHTS.downbeats },
  );
  console.log('BEAT_WEIGHTS', JSON.stringify(beats, undefined, 2));
}

function fitChordWeights(training: readonly AnnotatedPiece[]): void {
  const lessons = training.filter((_, i) => i % CHORD_STRIDE === 0).map(lessonOf);
  const chords = fitChords(lessons, {
    epochs: 5,
    batch: 8,
    rate: 0.15,
    rng: createRng(1),
    report: console.log,
  });
  console.log('CHORD_WEIGHTS', JSON.stringify(chords, undefined, 2));
}

/** A piece on its annotated beats, and how many seconds later that is than the file. */
function align(piece: AnnotatedPiece, times: BeatTimes): { readonly score: Score; readonly delay: number } {
  const score = alignToBeats(piece.score, times);
  const track = piece.score.tracks.findIndex(({ notes }) => notes.length > 0);
  const first = (each: Score): number => createTempoMap(each).secondsAt(each.tracks[track]!.notes[0]!.start);
  return { score, delay: first(score) - first(piece.score) };
}

function lessonOf(piece: AnnotatedPiece): ChordLesson {
  const { score, delay } = align(piece, piece);
  const tempoMap = createTempoMap(score);
  const segments = divideHarmonically(score, 'beat');
  const targets = segments.map(({ start, end }) => {
    const middle = (tempoMap.secondsAt(start) + tempoMap.secondsAt(end)) / 2 - delay;
    return candidateOfLabel(
      piece.chords.find((span) => span.start <= middle && span.end > middle)?.label ?? 'N',
    );
  });
  return {
    evidence: gatherEvidence(score, segments),
    places: segments.map(({ place }) => place),
    keys: keysOf(segments, findKeys(score)),
    targets,
  };
}

function tabulateKeys(pieces: readonly AnnotatedPiece[], training: readonly AnnotatedPiece[]): void {
  const usual = commonest(training.flatMap(({ keys }) => (keys.length > 0 ? [mainKey(keys)] : [])));
  const forever = (key: Key, score: Score): readonly KeySpan[] => [
    { ...key, start: 0, end: 4 * score.ticksPerQuarter * 10_000 },
  ];
  const methods: readonly [string, (score: Score) => readonly KeySpan[]][] = [
    [
      `always ${formatChord({ root: usual.tonic, quality: 'maj', bass: usual.tonic })} ${usual.mode} (commonest in training)`,
      (score) => forever(usual, score),
    ],
    ['findKey (Krumhansl–Schmuckler)', (score) => forever(findKey(score) ?? usual, score)],
    ['findKeys (windows and Viterbi)', (score) => findKeys(score)],
  ];
  console.log(
    'Keys                                            main key: right  weighted   each second: right  weighted',
  );
  for (const [name, method] of methods) {
    const sums = { right: 0, weighted: 0, count: 0, rightSeconds: 0, weightedSeconds: 0, seconds: 0 };
    for (const piece of pieces) {
      if (piece.keys.length === 0) continue;
      const tempoMap = createTempoMap(piece.score);
      const spans = method(piece.score).map((span) => ({
        ...span,
        start: tempoMap.secondsAt(span.start),
        end: tempoMap.secondsAt(span.end),
      }));
      const longest = longestKey(spans);
      const weight = longest ? weightKey(mainKey(piece.keys), longest) : 0;
      sums.count++;
      sums.right += Number(weight === 1);
      sums.weighted += weight;
      for (const key of piece.keys) {
        sums.seconds += key.end - key.start;
        for (const span of spans) {
          const seconds = Math.max(0, Math.min(key.end, span.end) - Math.max(key.start, span.start));
          const here = weightKey(parseKey(key.label), span);
          sums.rightSeconds += Number(here === 1) * seconds;
          sums.weightedSeconds += here * seconds;
        }
      }
    }
    const cells = [
      sums.right / sums.count,
      sums.weighted / sums.count,
      sums.rightSeconds / sums.seconds,
      sums.weightedSeconds / sums.seconds,
    ];
    console.log(`  ${name.padEnd(52)} ${cells.map(percent).join('     ')}`);
  }
  console.log();
}

function tabulateBeats(pieces: readonly AnnotatedPiece[]): readonly BeatTimes[] {
  const tracked: BeatTimes[] = [];
  const methods: readonly [string, (score: Score) => BeatTimes][] = [
    ['120 bpm from second 0', countAt120],
    ['autocorrelation tempo, from the first note', countAtTempo],
    ['the same with dynamic programming (Ellis)', followTempo],
    ['trackBeats', (score) => tracked[tracked.push(trackBeats(score)) - 1]!],
    ['(the quarters stated in the file)', readQuarters],
  ];
  console.log(
    'Beats, ±70 ms, after 5 s                                  F       CMLt      AMLt   downbeats F   CPU ms a piece',
  );
  for (const [name, method] of methods) {
    const sums = [0, 0, 0, 0];
    const start = process.cpuUsage();
    const found = pieces.map(({ score }) => method(score));
    const { user, system } = process.cpuUsage(start);
    pieces.forEach((piece, i) => {
      const { f, cmlt, amlt } = measureBeats(piece.beats, found[i]!.beats);
      const downbeats = measureDownbeats(piece.downbeats, found[i]!.downbeats);
      [f, cmlt, amlt, downbeats].forEach((value, k) => (sums[k]! += value / pieces.length));
    });
    const milliseconds = (user + system) / 1000 / pieces.length;
    console.log(
      `  ${name.padEnd(48)} ${sums.map(percent).join('    ')}  ${milliseconds.toFixed(0).padStart(12)}`,
    );
  }
  console.log();
  return tracked;
}

function tabulateChords(pieces: readonly AnnotatedPiece[], tracked: readonly BeatTimes[]): void {
  const methods: readonly [string, (score: Score) => readonly ChordSpan[]][] = [
    ['always the tonic triad of findKey', holdTonic],
    ['0/1 triad templates, each beat alone', matchTemplates],
    ['recogniseChords with findKeys', (score) => recogniseChords(score, { keys: findKeys(score) })],
    ['recogniseChords', (score) => recogniseChords(score)],
  ];
  const grids: readonly [string, (piece: AnnotatedPiece, i: number) => BeatTimes][] = [
    ['annotated beats', (piece) => piece],
    ['tracked beats', (_, i) => tracked[i]!],
  ];
  console.log(
    'Chords, weighted symbol recall                           root     majmin   sevenths   CPU ms a piece',
  );
  for (const [grid, timesOf] of grids) {
    const aligned = pieces.map((piece, i) => align(piece, timesOf(piece, i)));
    for (const [name, method] of methods) {
      const right = [0, 0, 0];
      const counted = [0, 0, 0];
      const start = process.cpuUsage();
      const found = aligned.map(({ score }) => method(score));
      const { user, system } = process.cpuUsage(start);
      pieces.forEach(({ chords }, i) => {
        const { score, delay } = aligned[i]!;
        const tempoMap = createTempoMap(score);
        const estimate = found[i]!.map((span) => ({
          start: tempoMap.secondsAt(span.start) - delay,
          end: tempoMap.secondsAt(span.end) - delay,
          label: formatChord(span.chord, { notation: 'harte' }),
        }));
        CHORD_MEASURES.forEach((measure, k) => {
          const result = measureChords(measure, chords, estimate);
          right[k]! += result.right;
          counted[k]! += result.counted;
        });
      });
      const cells = right.map((value, k) => percent(value / counted[k]!)).join('    ');
      const milliseconds = (user + system) / 1000 / pieces.length;
      console.log(`  ${`${grid}: ${name}`.padEnd(54)} ${cells} ${milliseconds.toFixed(0).padStart(12)}`);
    }
  }
}

function longestKey(
  spans: readonly (Key & { readonly start: number; readonly end: number })[],
): Key | undefined {
  const lengths = new Map<string, { readonly key: Key; readonly length: number }>();
  for (const { start, end, tonic, mode } of spans) {
    const name = `${tonic} ${mode}`;
    lengths.set(name, { key: { tonic, mode }, length: (lengths.get(name)?.length ?? 0) + end - start });
  }
  return [...lengths.values()].sort((a, b) => b.length - a.length)[0]?.key;
}

function commonest(keys: readonly Key[]): Key {
  const counts = new Map<string, { readonly key: Key; readonly count: number }>();
  for (const key of keys) {
    const name = `${key.tonic} ${key.mode}`;
    counts.set(name, { key, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]!.key;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1).padStart(5)} %`;
}
