import {
  createRng,
  createTempoMap,
  countNotes,
  type Rng,
  type Score,
  scoreDuration,
  sliceScore,
} from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { type DataItem, openDataSet, splitOf, styleOfRow } from '@attune/core/node';
import {
  crossFitStyleModel,
  DRUM_STYLE_FEATURES,
  extractDrumFeatures,
  type Candidate,
  type GroupedFeatures,
} from '@attune/classify';
import path from 'node:path';

/** Lengths of a clip of the set, and of what is learned from, in seconds. */
const CLIP_SECONDS = 10;
const LEARNED_SECONDS = [8, 10] as const;
/** Excerpts of a take to learn from, at most: long ones give more. */
const MOST_EXCERPTS = 12;
const LEAST_NOTES = 6;
const FOLDS = 6;

const DRUM_LABELS = ['drums-jazz', 'drums-latin', 'drums-rock'];
const CANDIDATES: readonly Candidate[] = [
  { kind: 'trees', settings: { rounds: 100, depth: 3 } },
  { kind: 'trees', settings: { rounds: 200, depth: 4 } },
  { kind: 'kernel', gamma: 0.3, alpha: 0.1 },
  { kind: 'discriminant', shrinkage: 0.3 },
];

/**
 * What the notes of the drum clips of rendered-audio tell of their style: an upper bound, in practice, for what their sound can
 * tell. The strokes of the very stretch that each clip plays, with their exact times, velocities and tempo, are judged by learners of
 * many such stretches of the takes of the other folds.
 */
export function judgeClipNotes(dataDir: string, seed: number): void {
  const clips = openDataSet(path.join(dataDir, 'rendered-audio')).items.filter(
    ({ row, group }) => DRUM_LABELS.includes(row.genre ?? '') && splitOf(group) !== 'test',
  );
  const takes = openDataSet(path.join(dataDir, 'groove')).items;
  const byId = new Map(takes.map((take) => [take.id, take]));
  const rows: GroupedFeatures[] = [];
  for (const { id, row } of clips) {
    const take = byId.get(row.source_id ?? '');
    const score = take && stretchOf(take, Number(row.start_seconds), CLIP_SECONDS);
    if (!score) continue;
    rows.push({
      features: extractDrumFeatures(score),
      label: DRUM_LABELS.indexOf(row.genre!),
      piece: id,
      group: take.group,
      copy: false,
    });
  }
  const judged = rows.length;
  const rng = createRng(seed).fork('stretches');
  for (const take of takes) {
    const label = DRUM_LABELS.indexOf(styleOfRow('groove', take.row) ?? '');
    if (label < 0 || splitOf(take.group) === 'test') continue;
    drawStretches(take, rng).forEach((score, i) => {
      const features = extractDrumFeatures(score);
      rows.push({ features, label, piece: `${take.id} ${i}`, group: take.group, copy: true });
    });
  }
  const { results } = crossFitStyleModel(rows, FOLDS, {
    name: 'clip-notes',
    modality: 'score',
    labels: DRUM_LABELS,
    features: DRUM_STYLE_FEATURES,
    candidates: CANDIDATES,
    balance: 1,
    risk: 0.05,
    familiar: 0.99,
    dealing: 'by chance',
    rng: createRng(seed),
  });
  console.log(
    `## C4: the drum clips judged by their notes\n${judged} clips, ${rows.length - judged} stretches to learn from, ${FOLDS} folds by take\n`,
  );
  console.log('| learner | accuracy | balanced log loss |\n|---|---|---|');
  for (const { name, accuracy, loss } of results)
    console.log(`| ${name} | ${accuracy.toFixed(3)} | ${loss.toFixed(3)} |`);
}

function stretchOf(take: DataItem, start: number, seconds: number): Score | undefined {
  const { score } = readMidiLenient(take.bytes());
  const tempo = createTempoMap(score);
  const part = sliceScore(score, tempo.tickAt(start), tempo.tickAt(start + seconds), { sustained: 'cut' });
  return countNotes(part) < LEAST_NOTES ? undefined : part;
}

function drawStretches(take: DataItem, rng: Rng): Score[] {
  const duration = scoreDuration(readMidiLenient(take.bytes()).score);
  const [least, most] = LEARNED_SECONDS;
  const count = Math.min(MOST_EXCERPTS, Math.max(2, Math.round(duration / least)));
  return Array.from({ length: count }, () => {
    const start = rng.uniform() * Math.max(0, duration - least);
    return stretchOf(take, start, least + (most - least) * rng.uniform());
  }).filter((score) => score !== undefined);
}
