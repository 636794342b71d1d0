import {
  countNotes,
  createRng,
  createTempoMap,
  type Rng,
  scoreDuration,
  type Score,
  sliceScore,
} from '@attune/core';
import { mixToMono } from '@attune/core/audio';
import { readMidiLenient } from '@attune/core/midi';
import { type DataItem, loadSoundFont, openDataSet, splitOf, styleOfRow } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import path from 'node:path';
import { createWindowPlan, readWindows, type ReadWindow } from '../audio-windows.ts';
import { type AudioExample, variedClip } from './audio-data.ts';

const RATE = 22_050;
const CLIP_SECONDS = 8;
/** A part with fewer notes says nothing. */
const LEAST_NOTES = 6;

/** Where the clips of a label of rendered-audio come from, as its README says. */
const SOURCES: Readonly<
  Record<
    string,
    { readonly set: string; readonly belongs: (row: Readonly<Record<string, string>>) => boolean }
  >
> = {
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

/**
 * More clips to learn from, played by our own synthesiser from parts of pieces that are not for testing: `each` a label, three
 * times as many of the drum styles (hardest to tell apart), every piece of a label before any comes again; each as it is and varied. Marked as copies: learned from, never judged. Deterministic in seed.
 */
export async function renderedExamples(
  dataDir: string,
  each: number,
  seed: number,
  log: (line: string) => void,
): Promise<AudioExample[]> {
  const soundFont = await loadSoundFont();
  const plan = createWindowPlan();
  const examples: AudioExample[] = [];
  for (const [label, { set, belongs }] of Object.entries(SOURCES)) {
    const rng = createRng(seed).fork(label);
    const items = rng.shuffle(
      openDataSet(path.join(dataDir, set)).items.filter(
        (item) => belongs(item.row) && splitOf(item.group) !== 'test',
      ),
    );
    const wanted = label.startsWith('drums-') ? 3 * each : each;
    let made = 0;
    for (let i = 0; made < wanted && i < 3 * wanted && items.length > 0; i++) {
      const item = items[i % items.length]!;
      const part = partOf(readMidiLenient(item.bytes()).score, rng);
      if (!part) continue;
      const score = ANY_INSTRUMENTS.has(label) ? withAnyInstruments(part, rng) : part;
      const clip = mixToMono(
        await renderScore(score, soundFont, {
          sampleRate: RATE,
          tailSeconds: 0,
          effects: rng.uniform() < 0.5,
        }),
      );
      for (const heard of [clip, variedClip(clip, rng)])
        examples.push(exampleOf(item, label, made, readWindows(heard, plan)));
      made++;
    }
    log(`${label}: ${made} clips rendered from ${Math.min(items.length, made)} pieces`);
  }
  return examples;
}

function exampleOf(
  item: DataItem,
  label: string,
  index: number,
  windows: readonly ReadWindow[],
): AudioExample {
  const { group } = item;
  const split = splitOf(group) === 'validation' ? 'validation' : 'train';
  return { id: `rendered ${item.id} ${index}`, group, split, label, copy: true, windows };
}

/** Eight seconds from a random place; undefined where too few notes are in them. */
function partOf(score: Score, rng: Rng): Score | undefined {
  const tempo = createTempoMap(score);
  const start = rng.uniform() * Math.max(0, scoreDuration(score) - CLIP_SECONDS);
  const part = sliceScore(score, tempo.tickAt(start), tempo.tickAt(start + CLIP_SECONDS), {
    sustained: 'cut',
  });
  return countNotes(part) < LEAST_NOTES ? undefined : part;
}

/** A random melodic program (0–79) for each pitched track. */
function withAnyInstruments(score: Score, rng: Rng): Score {
  return {
    ...score,
    tracks: score.tracks.map((track) => (track.isDrum ? track : { ...track, program: rng.integer(80) })),
  };
}
