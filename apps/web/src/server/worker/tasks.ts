import type { Score } from '@attune/core';
import { AttuneError, countNotes, createScore } from '@attune/core';
import { decodeAudio, detectAudioFormat, encodeMp3, writeWav } from '@attune/core/audio';
import { readMidiLenient, writeMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { writeMusicXml } from '@attune/core/notation';
import { renderScore, trimSoundFont } from '@attune/core/synth';
import { DRUMS } from '@attune/core/style';
import { FAMILY_TOOLS } from '@attune/generate/node';
import { compose } from './compose.ts';
import { describeClip, describeScore } from './describe.ts';
import { LABELLING_TASKS } from './labelling/tasks.ts';
import { FACTOR_TASKS } from './factors/fit.ts';
import { SEARCH_TASKS } from './search/search.ts';
import { sketchOfClip, sketchOfScore } from './search/sketch.ts';
import { describeModels, readComposerFile } from './models.ts';
import type { ComposeProgress, TaskName, Tasks } from './protocol.ts';
import { listSamplers, makeSamples } from './samplers.ts';

/** Lower than the reader's own limits: what one person may upload. */
export const MIDI_LIMITS = {
  bytes: 2_000_000,
  tracks: 128,
  events: 400_000,
  notes: 200_000,
  duration: 3600,
} as const;
const RENDERED_SECONDS = 1_800;
const MP3_KBPS = 192;

export interface TaskContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ComposeProgress) => void;
}
type Task<Name extends TaskName> = (
  input: Tasks[Name]['input'],
  context: TaskContext,
) => Promise<Tasks[Name]['answer']>;

export const TASKS: { readonly [Name in TaskName]: Task<Name> } = {
  describeMidi: async ({ bytes }) => {
    const score = readUpload(bytes);
    const description = { ...(await describeScore(score)), sketch: sketchOfScore(score) };
    return { title: score.title, midi: writeMidi(score), description };
  },
  describeAudio: async ({ bytes, maxSeconds }, { signal }) => {
    const clip = await decodeAudio(bytes, { maxSeconds, maxChannels: 8, signal });
    const description = { ...(await describeClip(clip)), sketch: sketchOfClip(clip) };
    return { format: detectAudioFormat(bytes) ?? 'wav', description };
  },
  notate: ({ midi }) =>
    new Promise((resolve) => resolve({ bytes: new TextEncoder().encode(writeMusicXml(readUpload(midi))) })),
  renderWav: async ({ midi }, context) => ({ bytes: writeWav(await render(midi, context)) }),
  renderMp3: async ({ midi }, context) => ({
    bytes: await encodeMp3(await render(midi, context), { kbps: MP3_KBPS }),
  }),
  trimBank: async ({ midi }) => ({ bytes: trimSoundFont(readUpload(midi), await soundFont()) }),
  instrumentBank: async ({ instrument }) => ({
    bytes: trimSoundFont(scaleOf(instrument), await soundFont()),
  }),
  wholeBank: async () => ({ bytes: await soundFont() }),
  composerFile: ({ file }) => readComposerFile(file),
  samplers: () => listSamplers(FAMILY_TOOLS),
  sample: (order, context) => makeSamples(FAMILY_TOOLS, order, context),
  compose,
  models: () => describeModels(),
  ...LABELLING_TASKS,
  ...SEARCH_TASKS,
  ...FACTOR_TASKS,
};

function readUpload(bytes: Uint8Array): Score {
  const { score } = readMidiLenient(bytes, { limits: MIDI_LIMITS });
  if (countNotes(score) === 0)
    throw new AttuneError('midi/malformed', 'The file holds no notes.', { notes: 0 });
  return score;
}

async function render(midi: Uint8Array, { signal, onProgress }: TaskContext) {
  return renderScore(readUpload(midi), await soundFont(), {
    maxSeconds: RENDERED_SECONDS,
    signal,
    onProgress,
  });
}

/** Velocities at which banks switch samples differ: every fourth is close enough to meet each layer. */
const VELOCITY_STEP = 4;

/** Every key of an instrument at every loudness: what a bank must keep for music not written yet. */
function scaleOf(instrument: number): Score {
  const notes = Array.from({ length: 128 }, (_, pitch) =>
    Array.from({ length: Math.ceil(127 / VELOCITY_STEP) }, (_, layer) => ({
      start: 0,
      duration: 1,
      pitch,
      velocity: 1 + layer * VELOCITY_STEP,
    })),
  ).flat();
  const isDrum = instrument === DRUMS;
  return createScore({ tracks: [{ name: '', program: isDrum ? 0 : instrument, isDrum, notes }] });
}

let bank: Promise<Uint8Array> | undefined;
/** Read once a worker: 15 MB. */
function soundFont(): Promise<Uint8Array> {
  return (bank ??= loadSoundFont());
}
