import { createMeterMap, createTempoMap, scoreEndTick, type Score } from '@attune/core';
import { decodeAudio, mixToMono, resample } from '@attune/core/audio';
import {
  ANALYSIS_RATE,
  compareBeats,
  createFeaturePlan,
  trackBeats,
  type BeatAgreement,
} from '@attune/core/features';
import { readMidi } from '@attune/core/midi';
import { findDataDir, openDataSet, splitOf, type DataItem } from '@attune/core/node';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary = 'beats of rendered music against its score, beside librosa (needs python3 with it)';

/** A clip whose note onsets are heard further than this from where its score has them is left out. */
const MAX_LAG_SECONDS = 0.04;

interface Clip {
  readonly id: string;
  readonly label: string;
  readonly beats: readonly number[];
  readonly ours: readonly number[];
}

interface Rival {
  readonly version: string;
  readonly cpuSeconds: number;
  readonly beats: Readonly<Record<string, readonly number[]>>;
  /** With `trim=False`: weak beats at the ends are kept. */
  readonly untrimmed: Readonly<Record<string, readonly number[]>>;
}

type Tracker = readonly [name: string, beatsOf: (clip: Clip) => readonly number[]];

/** `[PYTHON [SPLITS]]`: SPLITS is `validation,test` by default; `train` is what the tracker was tried on. */
export async function run(args: readonly string[]): Promise<void> {
  const data = findDataDir();
  if (!data || !existsSync(path.join(data, 'rendered-audio'))) {
    console.log('Not measured: there is no rendered-audio set. Set ATTUNE_DATA_DIR.');
    return;
  }
  const splits = (args[1] ?? 'validation,test').split(',');
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-beats-'));
  const { clips, excluded, cpuSeconds } = await trackAll(data, splits, folder);
  const script = path.join(import.meta.dirname, 'beat-tracking.py');
  const python = spawnSync(args[0] ?? 'python3', [script, folder], { encoding: 'utf8', maxBuffer: 1e8 });
  rmSync(folder, { recursive: true });
  const rival = python.status === 0 ? (JSON.parse(python.stdout) as Rival) : undefined;
  if (!rival) console.log(`librosa not measured: ${python.error?.message ?? python.stderr}\n`);
  console.log(
    `${clips.length} clips (${splits.join(', ')}), ${excluded} left out: sound and score more than 40 ms apart\n`,
  );
  print(clips, [
    ['attune', (clip) => clip.ours],
    ...(rival
      ? ([
          [`librosa ${rival.version}`, (clip) => rival.beats[clip.id] ?? []],
          ['librosa, trim=False', (clip) => rival.untrimmed[clip.id] ?? []],
        ] satisfies Tracker[])
      : []),
    ['every 0.5 s', () => Array.from({ length: 20 }, (_, i) => i / 2)],
  ]);
  console.log(
    `\nCPU: attune ${cpuSeconds.toFixed(1)} s${rival ? `, librosa ${rival.cpuSeconds.toFixed(1)} s` : ''}, features included`,
  );
}

async function trackAll(
  data: string,
  splits: readonly string[],
  folder: string,
): Promise<{ clips: Clip[]; excluded: number; cpuSeconds: number }> {
  const plan = createFeaturePlan({ sampleRate: ANALYSIS_RATE });
  const scoreOf = openScores(data);
  const clips: Clip[] = [];
  let excluded = 0;
  let cpu = 0;
  for (const item of openDataSet(path.join(data, 'rendered-audio')).items) {
    if (!splits.includes(splitOf(item.group))) continue;
    const samples = resample(mixToMono(await decodeAudio(item.bytes())), ANALYSIS_RATE).channels[0]!;
    const start = process.cpuUsage();
    const { onsetStrength, frameRate } = plan.extract(samples);
    const { beats: ours } = trackBeats(onsetStrength, frameRate);
    const { user, system } = process.cpuUsage(start);
    const { beats, onsets } = timesOf(
      scoreOf(item),
      Number(item.row.start_seconds),
      samples.length / ANALYSIS_RATE,
    );
    if (Math.abs(lagOf(onsets, onsetStrength, frameRate)) > MAX_LAG_SECONDS) {
      excluded++;
      continue;
    }
    cpu += user + system;
    clips.push({ id: item.id, label: item.row.genre ?? '', beats, ours });
    writeFileSync(path.join(folder, `${item.id}.f32`), samples);
  }
  return { clips, excluded, cpuSeconds: cpu / 1e6 };
}

function openScores(data: string): (clip: DataItem) => Score {
  const sets = new Map<string, Map<string, DataItem>>();
  return (clip) => {
    const { source_set: set = '', source_id: id = '' } = clip.row;
    if (!sets.has(set))
      sets.set(set, new Map(openDataSet(path.join(data, set)).items.map((item) => [item.id, item])));
    return readMidi(sets.get(set)!.get(id)!.bytes());
  };
}

/** Beats of the meter (three quavers are one in 6/8, 9/8, 12/8) and note onsets, in seconds of the clip. */
function timesOf(score: Score, begin: number, length: number): { beats: number[]; onsets: number[] } {
  const tempo = createTempoMap(score);
  const meters = createMeterMap(score);
  const isInside = (time: number): boolean => time >= 0 && time < length;
  const beats: number[] = [];
  for (let bar = 0; bar < meters.barCount(scoreEndTick(score)); bar++) {
    const { numerator, denominator } = meters.meterAt(bar);
    const isCompound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
    const step = ((score.ticksPerQuarter * 4) / denominator) * (isCompound ? 3 : 1);
    for (let tick = meters.barStart(bar); tick < meters.barEnd(bar) - 1e-6; tick += step)
      beats.push(tempo.secondsAt(tick) - begin);
  }
  const onsets = score.tracks.flatMap((track) =>
    track.notes.map((note) => tempo.secondsAt(note.start) - begin),
  );
  return { beats: beats.filter(isInside), onsets: [...new Set(onsets)].filter(isInside) };
}

/** Shift of the score, up to half a second, at which most onset strength falls on its notes. */
function lagOf(onsets: readonly number[], strength: Float32Array, frameRate: number): number {
  let best = { lag: 0, sum: -1 };
  for (let step = -50; step <= 50; step++) {
    const lag = step / 100;
    const sum = onsets.reduce(
      (total, time) => total + (strength[Math.round((time + lag) * frameRate)] ?? 0),
      0,
    );
    if (sum > best.sum) best = { lag, sum };
  }
  return best.lag;
}

function print(clips: readonly Clip[], trackers: readonly Tracker[]): void {
  console.log('F ± 70 ms / CMLt / AMLt, means over clips\n');
  console.log(`| clips | number | ${trackers.map(([name]) => name).join(' | ')} |`);
  console.log(`|---|---|${'---|'.repeat(trackers.length)}`);
  for (const label of [...[...new Set(clips.map((clip) => clip.label))].sort(), 'all']) {
    const of = clips.filter((clip) => label === 'all' || clip.label === label);
    const cells = trackers.map(([, beatsOf]) =>
      meansOf(of.map((clip) => compareBeats(beatsOf(clip), clip.beats))),
    );
    console.log(`| ${label} | ${of.length} | ${cells.join(' | ')} |`);
  }
}

function meansOf(rows: readonly BeatAgreement[]): string {
  const mean = (key: keyof BeatAgreement): string =>
    (rows.reduce((sum, row) => sum + row[key], 0) / rows.length).toFixed(3);
  return `${mean('fMeasure')} / ${mean('correctLevel')} / ${mean('allowedLevel')}`;
}
