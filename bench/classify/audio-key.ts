import {
  createRng,
  createTempoMap,
  findKey,
  findKeyOfHistogram,
  pitchClassDurations,
  sliceScore,
  TEMPERLEY_1999,
  type KeyEstimate,
  type KeyResult,
  type Score,
} from '@attune/core';
import { decodeAudio, type AudioClip } from '@attune/core/audio';
import { extractAudioFeatures } from '@attune/core/features';
import { readMidi } from '@attune/core/midi';
import { openDataSet, type DataItem } from '@attune/core/node';
import { analyseScore } from '@attune/core/style';
import { keyOfSound, tempoOfSound } from '@attune/classify';
import path from 'node:path';

const CLIP_SECONDS = 10;
const DRUM_SET = 'groove';
const CLIPS = 60;
/** As far as a tempo may be off: the 4 % that beat tracking is usually judged by (Gouyon et al. 2006). */
const TEMPO_TOLERANCE = 0.04;
/** Baseline of the tempo. */
const USUAL_BPM = 120;

type Key = Pick<KeyEstimate, 'tonic' | 'mode'>;

/** A clip beside what the notes say that it was rendered from. */
interface KeyedClip {
  readonly item: DataItem;
  readonly score: Score;
  /** What of it sounds. */
  readonly part: Score;
  /** As the key signature has it in the middle of the clip, and the notes of the whole piece choose between major and minor. */
  readonly key: Key;
}

interface KeyRow {
  readonly name: string;
  readonly found: readonly (Key | undefined)[];
}

/**
 * How often the key of sound is right, on clips rendered from pieces with a key signature, of one piece at most one clip; and the
 * tempo, against that of the notes. Prints tables, and the curve of confidence as the clips of all other pieces give it.
 */
export async function measureAudioKey(dataDir: string, seed: number): Promise<void> {
  const all = keyedClips(dataDir, seed);
  const clips = all.filter(
    ({ item }, i) => i === all.findIndex((each) => pieceOf(each.item) === pieceOf(item)),
  );
  clips.splice(CLIPS);
  const measured = new Set(clips.map(({ item }) => pieceOf(item)));
  await fitConfidence(all.filter(({ item }) => !measured.has(pieceOf(item))));
  const sounds: AudioClip[] = [];
  for (const { item } of clips) sounds.push(await decodeAudio(item.bytes()));
  const keys = sounds.map(keyOfSound);
  const rows: KeyRow[] = [
    { name: 'key of sound', found: keys },
    { name: 'chroma of the spectrum, profiles of Krumhansl and Kessler', found: sounds.map(keyOfSpectrum) },
    { name: 'always C major', found: clips.map(() => ({ tonic: 0, mode: 'major' as const })) },
    {
      name: 'the notes of the same ten seconds, profiles of Temperley',
      found: clips.map(({ part }) => findKeyOfHistogram(pitchClassDurations(part), TEMPERLEY_1999)),
    },
    {
      name: 'the same, profiles of Krumhansl and Kessler',
      found: clips.map(({ part }) => findKey(part)),
    },
  ];
  console.log(
    `## Key of sound\n${clips.length} clips, ${clips.filter(({ key }) => key.mode === 'minor').length} of them minor\n\n| | key right | key signature right | MIREX score |\n|---|---|---|---|`,
  );
  const share = (of: (clip: KeyedClip, i: number) => number): string =>
    (clips.reduce((sum, clip, i) => sum + of(clip, i), 0) / clips.length).toFixed(3);
  for (const { name, found } of rows) {
    const right = share(({ key }, i) => Number(isSame(key, found[i])));
    const signature = share(({ key }, i) => Number(hasSignatureOf(key, found[i])));
    console.log(
      `| ${name} | ${right} | ${signature} | ${share(({ key }, i) => mirexScore(key, found[i]))} |`,
    );
  }
  console.log('\n| stated confidence | clips | mean confidence | right |\n|---|---|---|---|');
  for (const [low, high] of [
    [0, 0.5],
    [0.5, 0.75],
    [0.75, 1],
  ] as const) {
    const inside = clips.flatMap(({ key }, i) => {
      const found = keys[i];
      return found && found.confidence >= low && found.confidence < high ? [{ key, found }] : [];
    });
    const mean = inside.reduce((sum, { found }) => sum + found.confidence, 0) / inside.length;
    const right = inside.filter(({ key, found }) => isSame(key, found)).length / inside.length;
    console.log(`| ${low}–${high} | ${inside.length} | ${mean.toFixed(2)} | ${right.toFixed(2)} |`);
  }
  printTempo(clips, sounds);
}

function printTempo(clips: readonly KeyedClip[], sounds: readonly AudioClip[]): void {
  const ratios = sounds.map(
    (sound, i) => (tempoOfSound(sound)?.bpm ?? NaN) / analyseScore(clips[i]!.part).tempo,
  );
  const usual = clips.map(({ part }) => USUAL_BPM / analyseScore(part).tempo);
  console.log('\n| | tempo within 4 % | half or double counted too |\n|---|---|---|');
  for (const [name, of] of [
    ['tempo of sound', ratios],
    ['always 120 bpm', usual],
  ] as const) {
    const near = (factors: readonly number[]): number =>
      of.filter((ratio) => factors.some((factor) => Math.abs(ratio * factor - 1) <= TEMPO_TOLERANCE)).length /
      of.length;
    console.log(`| ${name} | ${near([1]).toFixed(3)} | ${near([1, 2, 0.5]).toFixed(3)} |`);
  }
}

function pieceOf({ row }: DataItem): string {
  return `${row.source_set}/${row.source_id}`;
}

/** Logistic regression of whether the key is right on its clarity, by Newton's method: where `keyOfSound` has its log odds from. */
async function fitConfidence(clips: readonly KeyedClip[]): Promise<void> {
  const points: { clarity: number; right: number }[] = [];
  for (const { item, key } of clips) {
    const found = keyOfSound(await decodeAudio(item.bytes()));
    if (found) points.push({ clarity: found.clarity, right: Number(isSame(key, found)) });
  }
  let [none, slope] = [0, 0];
  for (let step = 0; step < 30; step++) {
    const [g, h] = [
      [0, 0],
      [0, 0, 0],
    ] as [[number, number], [number, number, number]];
    for (const { clarity, right } of points) {
      const p = 1 / (1 + Math.exp(-(none + slope * clarity)));
      g[0] += right - p;
      g[1] += (right - p) * clarity;
      h[0] += p * (1 - p);
      h[1] += p * (1 - p) * clarity;
      h[2] += p * (1 - p) * clarity * clarity;
    }
    const determinant = h[0] * h[2] - h[1] * h[1];
    none += (h[2] * g[0] - h[1] * g[1]) / determinant;
    slope += (h[0] * g[1] - h[1] * g[0]) / determinant;
  }
  console.log(
    `Log odds that the key is right, by ${points.length} clips of other pieces: ${none.toFixed(2)} + ${slope.toFixed(2)} · clarity\n`,
  );
}

function keyedClips(dataDir: string, seed: number): KeyedClip[] {
  const sources = new Map<string, Map<string, DataItem>>();
  const sourceOf = (set: string, id: string): DataItem | undefined => {
    const known =
      sources.get(set) ?? new Map(openDataSet(path.join(dataDir, set)).items.map((item) => [item.id, item]));
    sources.set(set, known);
    return known.get(id);
  };
  const items = createRng(seed).shuffle([...openDataSet(path.join(dataDir, 'rendered-audio')).items]);
  const clips: KeyedClip[] = [];
  for (const item of items) {
    const set = item.row.source_set!;
    const id = item.row.source_id!;
    const source = set === DRUM_SET ? undefined : sourceOf(set, id);
    if (!source) continue;
    const clip = keyedClip(item, readMidi(source.bytes()));
    if (clip) clips.push(clip);
  }
  return clips;
}

/** Undefined for a piece without a key signature, or a clip without pitches. */
function keyedClip(item: DataItem, score: Score): KeyedClip | undefined {
  const tempo = createTempoMap(score);
  const start = Number(item.row.start_seconds);
  const [from, to] = [tempo.tickAt(start), tempo.tickAt(start + CLIP_SECONDS)];
  const signature = score.keys.filter(({ tick }) => tick <= (from + to) / 2).at(-1);
  const part = sliceScore(score, from, to, { sustained: 'cut' });
  const whole = findKeyOfHistogram(pitchClassDurations(score), TEMPERLEY_1999);
  if (!signature || !whole || !findKey(part)) return undefined;
  // Most files call every signature major: the better of its two keys is taken, by the notes of the whole piece.
  const tonic = (((signature.fifths * 7) % 12) + 12) % 12;
  const key = whole.ranking.find(
    (each) =>
      (each.mode === 'major' && each.tonic === tonic) ||
      (each.mode === 'minor' && each.tonic === (tonic + 9) % 12),
  )!;
  return { item, score, part, key };
}

function keyOfSpectrum(clip: AudioClip): KeyResult | undefined {
  const { chroma } = extractAudioFeatures(clip);
  const weights = new Float64Array(12);
  chroma.forEach((share, i) => (weights[i % 12]! += share));
  return findKeyOfHistogram(weights);
}

function isSame(a: Key, b: Key | undefined): boolean {
  return b !== undefined && a.tonic === b.tonic && a.mode === b.mode;
}

function hasSignatureOf(a: Key, b: Key | undefined): boolean {
  return b !== undefined && signatureOf(a) === signatureOf(b);
}

/** Tonic of the major key with the same signature. */
function signatureOf({ tonic, mode }: Key): number {
  return mode === 'major' ? tonic : (tonic + 3) % 12;
}

/** 1 for the key, 0.5 a fifth off, 0.3 for the relative and 0.2 for the parallel key, else 0 (MIREX audio key detection). */
function mirexScore(key: Key, found: Key | undefined): number {
  if (!found) return 0;
  if (isSame(key, found)) return 1;
  const up = (found.tonic - key.tonic + 12) % 12;
  if (found.mode === key.mode) return up === 7 || up === 5 ? 0.5 : 0;
  if (signatureOf(found) === signatureOf(key)) return 0.3;
  return up === 0 ? 0.2 : 0;
}
