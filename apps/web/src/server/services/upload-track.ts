import type { AudioFormat } from '@attune/core/audio';
import { detectAudioFormat } from '@attune/core/audio';
import type { TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Deps } from './deps.ts';
import { newTrackOf } from './new-track.ts';
import { summaryOf } from './summarise.ts';

type Needs = Pick<Deps, 'tracks' | 'files' | 'studio' | 'limits' | 'now' | 'newId'>;

const AUDIO_FILES: Readonly<Record<AudioFormat, { extension: string; mime: string }>> = {
  wav: { extension: 'wav', mime: 'audio/wav' },
  mp3: { extension: 'mp3', mime: 'audio/mpeg' },
  flac: { extension: 'flac', mime: 'audio/flac' },
  'ogg-vorbis': { extension: 'ogg', mime: 'audio/ogg' },
  'ogg-opus': { extension: 'opus', mime: 'audio/ogg' },
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** Refuses before a byte is read: the person's share is used up, or the file says that it is too large. */
export async function admitUpload(
  deps: Needs,
  actor: Actor,
  declaredBytes: number | undefined,
): Promise<void> {
  const { limits } = deps;
  if (declaredBytes !== undefined && declaredBytes > limits.audioBytes)
    throw tooLarge('A file', limits.audioBytes);
  const usage = await deps.tracks.usageOf(actor.id);
  if (usage.uploads >= limits.uploads) {
    throw new DomainError(
      'upload/limit',
      `You have ${usage.uploads} uploads, the most there may be; remove some first.`,
    );
  }
  if (usage.bytes + (declaredBytes ?? 0) > limits.uploadBytes) {
    throw new DomainError(
      'upload/limit',
      `Your uploads may take ${megabytes(limits.uploadBytes)} together; remove some first.`,
    );
  }
}

/** Reads, describes, labels and stores an uploaded file. What it is, its first bytes decide, not its name. */
export async function uploadTrack(
  deps: Needs,
  actor: Actor,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<TrackSummary> {
  if (bytes.length === 0) throw new DomainError('upload/empty', 'The file is empty.');
  await admitUpload(deps, actor, bytes.length);
  return isMidi(bytes) ? uploadMidi(deps, actor, name, bytes) : uploadAudio(deps, actor, name, bytes);
}

async function uploadMidi(deps: Needs, actor: Actor, name: string, bytes: Uint8Array): Promise<TrackSummary> {
  if (bytes.length > deps.limits.midiBytes) throw tooLarge('A MIDI file', deps.limits.midiBytes);
  const { title, midi, description } = await deps.studio.run('describeMidi', { bytes });
  const track = await newTrackOf(deps, {
    id: deps.newId(),
    ownerId: actor.id,
    title: titleFrom(name) ?? titleFrom(title) ?? 'Untitled',
    kind: 'score',
    source: 'upload',
    description,
    provenance: null,
    file: { kind: 'midi', bytes: midi },
  });
  return summaryOf(track, actor.id, null);
}

async function uploadAudio(
  deps: Needs,
  actor: Actor,
  name: string,
  bytes: Uint8Array,
): Promise<TrackSummary> {
  const format = detectAudioFormat(bytes);
  if (format === undefined) {
    throw new DomainError('upload/type', 'This is neither a MIDI file nor a WAV, MP3, FLAC or OGG file.');
  }
  if (bytes.length > deps.limits.audioBytes) throw tooLarge('An audio file', deps.limits.audioBytes);
  const input = { bytes, maxSeconds: deps.limits.audioSeconds };
  const { description } = await deps.studio.run('describeAudio', input);
  const track = await newTrackOf(deps, {
    id: deps.newId(),
    ownerId: actor.id,
    title: titleFrom(name) ?? 'Untitled',
    kind: 'audio',
    source: 'upload',
    description,
    provenance: null,
    file: { kind: 'audio', bytes, ...AUDIO_FILES[format] },
  });
  return summaryOf(track, actor.id, null);
}

function tooLarge(what: string, limit: number): DomainError {
  return new DomainError('upload/too-large', `${what} may have at most ${megabytes(limit)}.`);
}

/** "MThd", bare or in a RIFF container. */
function isMidi(bytes: Uint8Array): boolean {
  const text = (start: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(start, start + length));
  return text(0, 4) === 'MThd' || (text(0, 4) === 'RIFF' && text(8, 4) === 'RMID');
}

const MOST_TITLE = 80;

/** A title from a file's name: no folders, no extension, no control characters, not too long. */
export function titleFrom(name: string): string | undefined {
  const base = name.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const text = base
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[_\s]+/g, ' ')
    .trim();
  return text ? Array.from(text).slice(0, MOST_TITLE).join('') : undefined;
}
