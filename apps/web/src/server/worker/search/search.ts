import { AttuneError } from '@attune/core';
import { clipDuration, decodeAudio, detectAudioFormat } from '@attune/core/audio';
import { transcribeMelody } from '@attune/core/features';
import { readMidiLenient } from '@attune/core/midi';
import { analyseScore, styleVectorOf, styleVectorOfAudio } from '@attune/core/style';
import type { ExampleProfile, Melody } from '@attune/recommend';
import { findInSketches, findMelodyInSketches, melodyOf, unpackExample } from '@attune/recommend';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../tasks.ts';
import { knowPiece, knowPieces } from './known-pieces.ts';
import type { FindAnswer, SearchExample, SearchTasks } from './protocol.ts';
import { sketchOfClip, sketchOfScore } from './sketch.ts';

type Task<Name extends keyof SearchTasks> = (
  input: SearchTasks[Name]['input'],
  context: TaskContext,
) => Promise<SearchTasks[Name]['answer']>;

const LONGEST_EXAMPLE_SECONDS = 120;
const LONGEST_HUM_SECONDS = 30;
const LEAST_NOTES = 3;
/** A melody that is searched by is cut here: what one looks for is a theme. */
const MOST_NOTES = 1_200;
const LIMITS = { bytes: 2_000_000, tracks: 128, events: 400_000, notes: 200_000, duration: 3600 } as const;

export const SEARCH_TASKS: { readonly [Name in keyof SearchTasks]: Task<Name> } = {
  findLike: async ({ example, aspect, pieces, take }, context) => {
    const profile = await profileOf(example, pieces.folder);
    if (profile[aspect] === undefined) throw new AttuneError('argument/invalid', WITHOUT[aspect]);
    const known = await knowPieces(pieces, context);
    const own = example.from === 'piece' ? example.piece.id : null;
    const others = own === null ? known.pieces : known.pieces.filter(({ id }) => id !== own);
    return {
      found: findInSketches(profile, others, aspect, take),
      searched: known.pieces.length,
      total: known.total,
      isMore: known.isMore,
      notes: 0,
    };
  },
  findMelody: async ({ example, pieces, take }, context) => {
    const melody = await hear(example, pieces.folder);
    if (melody.onsets.length < LEAST_NOTES) {
      throw new AttuneError(
        'argument/invalid',
        `Only ${melody.onsets.length} notes were heard; hum or tap at least ${LEAST_NOTES}, a little longer.`,
        { notes: melody.onsets.length },
      );
    }
    const known = await knowPieces(pieces, context, { kind: 'midi' });
    return {
      found: findMelodyInSketches(melody, known.pieces, take).map(({ id, score }) => ({
        id,
        likeness: score,
      })),
      searched: known.pieces.length,
      total: known.total,
      isMore: known.isMore,
      notes: melody.onsets.length,
    } satisfies FindAnswer;
  },
  placeFile: async ({ bytes }) => {
    if (detectAudioFormat(bytes) !== undefined) {
      const clip = await decodeAudio(bytes, { maxSeconds: LONGEST_EXAMPLE_SECONDS });
      return { vector: styleVectorOfAudio(clip), instruments: [], seconds: clipDuration(clip) };
    }
    const { score } = readMidiLenient(bytes, { limits: LIMITS });
    return { vector: styleVectorOf(score), instruments: analyseScore(score).instruments, seconds: 0 };
  },
};

const WITHOUT = {
  rhythm: 'This example has no notes to take a rhythm from; look by overall likeness instead.',
  harmony:
    'This example has no harmony: it is sound without notes, or drums alone. Look by overall likeness instead.',
  timbre: 'This example has no sound to compare.',
  melody: 'This example has no melody; look by overall likeness instead.',
} as const;

/** By way of a sketch, as the pieces that it is compared with. */
async function profileOf(example: SearchExample, folder: string): Promise<ExampleProfile> {
  if (example.from === 'melody') return {};
  if (example.from === 'piece') return unpackExample(await knowPiece(folder, example.piece));
  const { bytes } = example;
  return unpackExample(
    detectAudioFormat(bytes) === undefined
      ? sketchOfScore(readMidiLenient(bytes, { limits: LIMITS }).score)
      : sketchOfClip(await decodeAudio(bytes, { maxSeconds: LONGEST_EXAMPLE_SECONDS })),
  );
}

/** The melody of an example; of recorded sound, what one voice hums in it. */
async function hear(example: SearchExample, folder: string): Promise<Melody> {
  if (example.from === 'melody') return example.melody;
  const bytes =
    example.from === 'file' ? example.bytes : await readFile(path.join(folder, example.piece.path));
  if (detectAudioFormat(bytes) !== undefined) {
    const notes = transcribeMelody(await decodeAudio(bytes, { maxSeconds: LONGEST_HUM_SECONDS }));
    return { onsets: notes.map(({ start }) => start), pitches: notes.map(({ pitch }) => pitch) };
  }
  const { onsets, pitches } = melodyOf(readMidiLenient(bytes, { limits: LIMITS }).score);
  return {
    onsets: onsets.slice(0, MOST_NOTES),
    ...(pitches && { pitches: pitches.slice(0, MOST_NOTES) }),
  };
}
