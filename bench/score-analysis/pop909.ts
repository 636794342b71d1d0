import type { Score } from '@attune/core';
import { findDataDir, openDataSet, splitOf, type Split } from '@attune/core/node';
import { readMidi } from '@attune/core/midi';
import { parseTar } from 'nanotar';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A span of an annotation, in seconds of the MIDI file. */
export interface LabelledSpan {
  readonly start: number;
  readonly end: number;
  /** A chord in Harte's syntax, or a key such as `Gb:maj`. */
  readonly label: string;
}

/** One piece of POP909 with what its annotators heard. */
export interface AnnotatedPiece {
  readonly id: string;
  readonly split: Split;
  readonly score: Score;
  /** Seconds. */
  readonly beats: readonly number[];
  /** Beats of the third column of `beat_midi.txt` (bars of four where the annotators heard four). */
  readonly downbeats: readonly number[];
  readonly chords: readonly LabelledSpan[];
  readonly keys: readonly LabelledSpan[];
}

/** The pieces of the set that have annotations; undefined where the set is not there. */
export function openPop909(): readonly AnnotatedPiece[] | undefined {
  const data = findDataDir();
  const folder = data && path.join(data, 'pop909');
  const archive = folder && path.join(folder, 'pop909-annotations.tar.gz');
  if (!archive || !existsSync(archive)) return undefined;
  const texts = new Map<string, string>();
  for (const entry of parseTar(gunzipSync(readFileSync(archive)))) {
    if (entry.data)
      texts.set(entry.name.replace(/^(\.\/)?annotations\//, ''), new TextDecoder().decode(entry.data));
  }
  return openDataSet(folder).items.flatMap((item): AnnotatedPiece[] => {
    const lines = (name: string): string[][] =>
      (texts.get(`${item.id}/${name}.txt`) ?? '')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => line.trim().split(/\s+/));
    const spans = (name: string): LabelledSpan[] =>
      lines(name).map(([start, end, label]) => ({ start: Number(start), end: Number(end), label: label! }));
    const beats = lines('beat_midi');
    if (beats.length < 2) return [];
    return [
      {
        id: item.id,
        split: splitOf(item.group),
        score: readMidi(item.bytes()),
        beats: beats.map((row) => Number(row[0])),
        downbeats: beats.filter((row) => Number(row[2]) === 1).map((row) => Number(row[0])),
        chords: spans('chord_midi'),
        keys: spans('key_audio'),
      },
    ];
  });
}
