import * as toneNamespace from '@tonejs/midi';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDataDir, openDataSet } from '../node/data-set.ts';
import type { DataItem } from '../node/data-set.ts';
import { EXACTLY, firstDifference } from '../score/difference.ts';
import { countNotes, scoreDuration } from '../score/extent.ts';
import { validateScore } from '../score/validate-score.ts';
import { readMidi, readMidiLenient } from './read-midi.ts';
import { writeMidi } from './write-midi.ts';

const { Midi } = (toneNamespace as unknown as { default: typeof toneNamespace }).default;

const SETS = [
  'folk-tunes',
  'freedoom-game',
  'groove',
  'mutopia',
  'openewld',
  'openscore-lieder',
  'openscore-quartets',
  'pop909',
];
const SAMPLE = 300;

const folder = findDataDir();
const present = SETS.filter((name) => folder && existsSync(path.join(folder, name, 'index.csv')));
if (present.length === 0)
  console.log('Real MIDI files: skipped, there is no data folder (set ATTUNE_DATA_DIR).');

/**
 * Notes with pitches of 253 and the like, a fault of the program that wrote it: refused. The index counts
 * them; the lenient reader leaves them out. `npm run bench -- midi-import` reads all files and finds no other.
 */
const MALFORMED = ['97c9308390'];

/** Every k-th file of all sets together: about 300, and each set has its share. */
function sample(): DataItem[] {
  const items = present.flatMap((name) => openDataSet(path.join(folder!, name)).items);
  const step = Math.max(1, Math.floor(items.length / SAMPLE));
  return items.filter((_, i) => i % step === 0);
}

describe.skipIf(present.length === 0)('real files', () => {
  const items = present.length > 0 ? sample().filter((item) => !MALFORMED.includes(item.id)) : [];

  it('have the notes and drum notes of their index', () => {
    for (const item of items) {
      const score = readMidi(item.bytes());
      const drums = countNotes({ tracks: score.tracks.filter((track) => track.isDrum) });
      const counts = { notes: countNotes(score), drums };
      expect(counts, item.id).toEqual({ notes: Number(item.row.notes), drums: Number(item.row.drum_notes) });
    }
    expect(items.length).toBeGreaterThan(100);
  });

  it('have the tracks of @tonejs/midi, and last no longer than their index says', () => {
    for (const item of items.filter((each) => Number(each.row.notes) < 5000)) {
      const bytes = item.bytes();
      const score = readMidi(bytes);
      // The index counts track chunks; the library splits them by channel and program, as we do.
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint16(10), item.id).toBe(
        Number(item.row.tracks),
      );
      const tone = new Midi(bytes).tracks.filter((track) => track.notes.length > 0);
      const ours = score.tracks.filter((track) => track.notes.length > 0);
      const counts = ours.map((track) => track.notes.length).sort((a, b) => a - b);
      expect(counts, item.id).toEqual(tone.map((track) => track.notes.length).sort((a, b) => a - b));
      // The index measures to the end of the longest track, which may rest after its last note.
      expect(scoreDuration(score), item.id).toBeLessThanOrEqual(Number(item.row.seconds) + 0.051);
    }
  });

  it('are valid scores and survive writing and reading exactly', () => {
    for (const item of items) {
      const score = readMidi(item.bytes());
      validateScore(score);
      expect(firstDifference(score, readMidi(writeMidi(score)), EXACTLY), item.id).toBeUndefined();
      expect(firstDifference(score, readMidiLenient(item.bytes()).score, EXACTLY), item.id).toBeUndefined();
    }
  });
});
