import { countNotes, createRng, createTempoMap, type Rng, scoreDuration, type Score, sliceScore } from '@attune/core';
import { decodeAudio, mixToMono, writeWav, type AudioClip } from '@attune/core/audio';
import { readMidiLenient } from '@attune/core/midi';
import { type DataItem, loadSoundFont, openDataSet, splitOf, styleOfRow } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createWindowPlan, HEARD_RATE, summariseWindows } from '../audio-windows.ts';
import { type AudioExample, variedClip } from './audio-data.ts';

const CLIP_SECONDS = 10;
/** A part with fewer notes says nothing. */
const LEAST_NOTES = 6;

/** Where the clips of a label of rendered-audio come from, as its README says. */
const SOURCES: Readonly<Record<string, { readonly set: string; readonly belongs: (row: Readonly<Record<string, string>>) => boolean }>> = {
  'art-song': { set: 'openscore-lieder', belongs: () => true },
  'drums-jazz': { set: 'groove', belongs: (row) => styleOfRow('groove', row) === 'drums-jazz' },
  'drums-latin': { set: 'groove', belongs: (row) => styleOfRow('groove', row) === 'drums-latin' },
  'drums-rock': { set: 'groove', belongs: (row) => styleOfRow('groove', row) === 'drums-rock' },
  folk: { set: 'folk-tunes', belongs: () => true },
  game: { set: 'freedoom-game', belongs: () => true },
  hymn: { set: 'mutopia', belongs: (row) => row.style === 'hymn' },
  'jazz-standard': { set: 'openewld', belongs: (row) => row.style === 'Jazz' },
  'march-ragtime': { set: 'mutopia', belongs: (row) => row.style === 'march' || row.style === 'jazz' },
  'string-quartet': { set: 'openscore-quartets', belongs: () => true },
};

/** Labels whose instruments the set drew at random, so that timbre alone does not tell them. */
const ANY_INSTRUMENTS = new Set(['folk', 'hymn', 'jazz-standard']);

/** Clips of these are sometimes a single part, as those of band books are, on any instrument. */
const SINGLE_PARTS = new Set(['march-ragtime']);

export interface RenderOptions {
  /** Clips a label; three times as many of the drum styles and twice as many of marches, which are hardest to tell. */
  readonly each: number;
  readonly seed: number;
  /** A folder where clips are kept and read again: rendering takes most of the time of a training. */
  readonly keep?: string;
  readonly log: (line: string) => void;
}

/** A clip with what it was rendered from; `rng` is its own. */
export interface RenderedClip {
  readonly item: DataItem;
  readonly label: string;
  /** Of the clips of its label. */
  readonly index: number;
  readonly clip: AudioClip;
  readonly rng: Rng;
}

/**
 * Clips played by our own synthesiser from parts of pieces that are not for testing, label by label; every piece of a label before any
 * comes again. Deterministic in seed: more clips a label are the fewer and others.
 */
export async function* renderedClips(dataDir: string, { each, seed, keep, log }: RenderOptions): AsyncGenerator<RenderedClip> {
  const soundFont = await loadSoundFont();
  for (const [label, { set, belongs }] of Object.entries(SOURCES)) {
    const ofLabel = createRng(seed).fork(label);
    const items = ofLabel.shuffle(openDataSet(path.join(dataDir, set)).items.filter((item) => belongs(item.row) && splitOf(item.group) !== 'test'));
    const wanted = each * (label.startsWith('drums-') ? 3 : SINGLE_PARTS.has(label) ? 2 : 1);
    let made = 0;
    for (let i = 0; made < wanted && i < 3 * wanted && items.length > 0; i++) {
      const item = items[i % items.length]!;
      const rng = ofLabel.fork(`clip ${i}`);
      const score = heardPart(readMidiLenient(item.bytes()).score, label, rng);
      if (!score) continue;
      const effects = rng.uniform() < 0.5;
      const render = async (): Promise<AudioClip> => mixToMono(await renderScore(score, soundFont, { sampleRate: HEARD_RATE, tailSeconds: 0, effects }));
      const clip = keep === undefined ? await render() : await kept(path.join(keep, `${seed}-${label}-${i}.wav`), render);
      yield { item, label, index: made++, clip, rng };
    }
    log(`${label}: ${made} clips rendered from ${Math.min(items.length, made)} pieces`);
  }
}

/** Changed copies of each rendered clip: rendering costs more than measuring. */
const COPIES = 2;

/** The rendered clips and changed copies of them as features. Marked as copies: learned from, never judged. */
export async function renderedExamples(dataDir: string, options: RenderOptions): Promise<AudioExample[]> {
  const plan = createWindowPlan();
  const examples: AudioExample[] = [];
  for await (const { item, label, index, clip, rng } of renderedClips(dataDir, options)) {
    const { group } = item;
    const split = splitOf(group) === 'validation' ? 'validation' : 'train';
    const heard = [clip, ...Array.from({ length: COPIES }, () => variedClip(clip, rng))];
    for (const each of heard) examples.push({ id: `rendered ${label} ${item.id} ${index}`, group, split, label, copy: true, windows: summariseWindows(each, plan) });
  }
  return examples;
}

/** Ten seconds of the piece as the label has them; undefined where too few notes are in them. */
function heardPart(score: Score, label: string, rng: Rng): Score | undefined {
  const part = partOf(score, rng);
  if (!part) return undefined;
  const alone = SINGLE_PARTS.has(label) && rng.uniform() < 0.5 ? onePart(part, rng) : part;
  const anyInstruments = ANY_INSTRUMENTS.has(label) || (SINGLE_PARTS.has(label) && rng.uniform() < 0.3);
  return anyInstruments ? withAnyInstruments(alone, rng) : alone;
}

/** Reads the file where it exists, else makes and writes it; floats, so that both are the same. */
async function kept(file: string, make: () => Promise<AudioClip>): Promise<AudioClip> {
  if (existsSync(file)) return decodeAudio(new Uint8Array(readFileSync(file)));
  const clip = await make();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, writeWav(clip, { bits: 32, float: true }));
  return clip;
}

/** Ten seconds from a random place; undefined where too few notes are in them. */
function partOf(score: Score, rng: Rng): Score | undefined {
  const tempo = createTempoMap(score);
  const start = rng.uniform() * Math.max(0, scoreDuration(score) - CLIP_SECONDS);
  const part = sliceScore(score, tempo.tickAt(start), tempo.tickAt(start + CLIP_SECONDS), { sustained: 'cut' });
  return countNotes(part) < LEAST_NOTES ? undefined : part;
}

/** One of the parts that play, the busier the likelier. */
function onePart(score: Score, rng: Rng): Score {
  const track = rng.categorical(score.tracks.map(({ notes }) => notes.length));
  return { ...score, tracks: [score.tracks[track]!] };
}

/** A random melodic program (0–79) for each pitched track. */
function withAnyInstruments(score: Score, rng: Rng): Score {
  return { ...score, tracks: score.tracks.map((track) => (track.isDrum ? track : { ...track, program: rng.integer(80) })) };
}
