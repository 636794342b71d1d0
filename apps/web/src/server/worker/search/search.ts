import { readFile } from 'node:fs/promises';
import { AttuneError, isAttuneError, throwIfCancelled } from '@attune/core';
import { clipDuration, decodeAudio, detectAudioFormat } from '@attune/core/audio';
import { extractAudioFeatures, summariseAudioFeatures, transcribeMelody } from '@attune/core/features';
import { readMidi, readMidiLenient } from '@attune/core/midi';
import { analyseScore, styleVectorOf, styleVectorOfAudio } from '@attune/core/style';
import type { Example, ExampleProfile, Melody, MelodyIndex } from '@attune/recommend';
import {
  createMelodyIndex,
  describeExample,
  describeSound,
  findByExample,
  melodyOf,
} from '@attune/recommend';
import type { TaskContext } from '../tasks.ts';
import type { FindAnswer, PiecePath, SearchExample, SearchTasks } from './protocol.ts';

type Task<Name extends keyof SearchTasks> = (
  input: SearchTasks[Name]['input'],
  context: TaskContext,
) => Promise<SearchTasks[Name]['answer']>;

/** Looking into pieces that were never looked into stops after this long: an answer should not be waited for. */
const LEARNING_MS = 2_500;
/** Profiles kept in memory; the oldest go first. */
const MOST_KEPT = 5_000;
const LONGEST_EXAMPLE_SECONDS = 120;
const LONGEST_HUM_SECONDS = 30;
const LEAST_NOTES = 3;
/** A long piece is known by its first notes: what one hums is a theme. */
const MOST_NOTES = 1_200;
const LIMITS = { bytes: 2_000_000, tracks: 128, events: 400_000, notes: 200_000, duration: 3600 } as const;

interface Known {
  readonly profile: ExampleProfile;
  readonly melody: Melody;
}

const NOTHING: Known = { profile: {}, melody: { onsets: [] } };
const kept = new Map<string, Known>();

export const SEARCH_TASKS: { readonly [Name in keyof SearchTasks]: Task<Name> } = {
  findLike: async ({ example, aspect, pieces, take }, context) => {
    const { profile } = await knowExample(example);
    const known = await knowAll(pieces, context);
    const own = example.from === 'piece' ? example.piece.id : null;
    const others: Example[] = known
      .filter(({ id }) => id !== own)
      .map(({ id, known: { profile: other } }) => ({ id, profile: other }));
    if (profile[aspect] === undefined) throw new AttuneError('argument/invalid', WITHOUT[aspect]);
    return {
      found: findByExample(profile, others, aspect, take),
      searched: known.length,
      total: pieces.length,
      notes: 0,
    };
  },
  findMelody: async ({ example, pieces, take }, context) => {
    const melody = await hear(example);
    if (melody.onsets.length < LEAST_NOTES) {
      throw new AttuneError(
        'argument/invalid',
        `Only ${melody.onsets.length} notes were heard; hum or tap at least ${LEAST_NOTES}, a little longer.`,
        { notes: melody.onsets.length },
      );
    }
    const known = await knowAll(pieces, context);
    const found = indexOf(known)
      .find(melody, take)
      .map(({ id, score }) => ({ id, likeness: score }));
    return {
      found,
      searched: known.length,
      total: pieces.length,
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

async function knowExample(example: SearchExample): Promise<Known> {
  if (example.from === 'piece') return know(example.piece);
  if (example.from === 'melody') return { profile: {}, melody: example.melody };
  return look(example.bytes, detectAudioFormat(example.bytes) === undefined ? 'midi' : 'audio', true);
}

/** The melody of an example; of recorded sound, what one voice hums in it. */
async function hear(example: SearchExample): Promise<Melody> {
  if (example.from !== 'file' || detectAudioFormat(example.bytes) === undefined)
    return (await knowExample(example)).melody;
  const notes = transcribeMelody(await decodeAudio(example.bytes, { maxSeconds: LONGEST_HUM_SECONDS }));
  return { onsets: notes.map(({ start }) => start), pitches: notes.map(({ pitch }) => pitch) };
}

interface KnownPiece {
  readonly id: string;
  readonly known: Known;
}

/** What is known of the pieces already, and of as many more as there is time for. */
async function knowAll(
  pieces: readonly PiecePath[],
  { signal, onProgress }: TaskContext,
): Promise<KnownPiece[]> {
  const end = performance.now() + LEARNING_MS;
  const result: KnownPiece[] = [];
  for (const piece of pieces.slice(0, MOST_KEPT)) {
    throwIfCancelled(signal);
    if (!kept.has(piece.path) && performance.now() > end) continue;
    result.push({ id: piece.id, known: await know(piece) });
    onProgress({ stage: 'looking', done: result.length, total: pieces.length });
  }
  return result;
}

/** A stored file never changes under its name, so what is known of it stays true. One that cannot be read has nothing. */
async function know(piece: PiecePath): Promise<Known> {
  const known = kept.get(piece.path);
  if (known) return known;
  const found = await readFile(piece.path)
    .then((bytes) => look(bytes, piece.kind, false))
    .catch((error: unknown) => {
      if (isAttuneError(error) || (error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
      throw error;
    });
  kept.set(piece.path, found);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

async function look(bytes: Uint8Array, kind: 'midi' | 'audio', isStrange: boolean): Promise<Known> {
  if (kind === 'audio') {
    const clip = await decodeAudio(bytes, { maxSeconds: LONGEST_EXAMPLE_SECONDS }).catch((error: unknown) => {
      if (isStrange) throw error;
      return undefined;
    });
    return clip
      ? { profile: describeSound(summariseAudioFeatures(extractAudioFeatures(clip))), melody: { onsets: [] } }
      : NOTHING;
  }
  const score = isStrange ? readMidiLenient(bytes, { limits: LIMITS }).score : readMidi(bytes);
  const { onsets, pitches } = melodyOf(score);
  return {
    profile: describeExample(score),
    melody: {
      onsets: onsets.slice(0, MOST_NOTES),
      ...(pitches && { pitches: pitches.slice(0, MOST_NOTES) }),
    },
  };
}

let last: { readonly key: string; readonly index: MelodyIndex } | undefined;

/** Of the same pieces the same index. */
function indexOf(pieces: readonly KnownPiece[]): MelodyIndex {
  const key = pieces.map(({ id }) => id).join(' ');
  if (last?.key !== key) {
    last = { key, index: createMelodyIndex(pieces.map(({ id, known }) => ({ id, melody: known.melody }))) };
  }
  return last.index;
}
