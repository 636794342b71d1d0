import { readMidi } from '@attune/core/midi';
import { DomainError } from '../errors.ts';
import { barCountOf } from '../music/roll.ts';
import type {
  JobRecord,
  JobRepository,
  SampleRequestRecord,
  TrackRepository,
} from '../repositories/types.ts';
import { newTrackOf } from '../services/new-track.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { MadeSample, SampleAnswer } from '../worker/protocol.ts';

interface Parts {
  readonly jobs: JobRepository;
  readonly tracks: TrackRepository;
  readonly files: FileStore;
  readonly now: () => Date;
}

const FLAC = { kind: 'audio', extension: 'flac', mime: 'audio/flac' } as const;

/** Names of the tracks that a job makes at most; those that were made are found under them. */
export function sampleTrackIds(jobId: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${jobId}-${i + 1}`);
}

/** Stores all that was made, or nothing of it. Returns the tracks' ids. */
export async function keepSamples(
  parts: Parts,
  job: JobRecord,
  request: SampleRequestRecord,
  { samples, modelVersion }: SampleAnswer,
): Promise<string[]> {
  const current = await parts.jobs.find(job.id);
  if (current?.status !== 'running') throw new DomainError('cancelled', 'The work was cancelled.');
  if (samples.length === 0)
    throw new DomainError('model/invalid', 'The model made nothing; try other settings.');
  const ids = sampleTrackIds(job.id, samples.length);
  try {
    for (const [i, sample] of samples.entries()) {
      await newTrackOf(parts, {
        id: ids[i]!,
        ownerId: current.userId,
        title: sample.name,
        kind: sample.kind,
        source: 'generated',
        description: sample.description,
        provenance: {
          modelVersion,
          seed: job.seed,
          bars: barsOf(sample),
          conditioning: {},
          tokenizer: null,
          originality: null,
          wellFormedness: null,
          candidates: samples.length,
          reasons: [],
          sample: {
            family: request.family,
            settings: request.settings,
            sourceTrackIds: request.sourceTrackIds,
            number: i + 1,
            count: samples.length,
          },
        },
        file:
          sample.kind === 'score' ? { kind: 'midi', bytes: sample.bytes } : { ...FLAC, bytes: sample.bytes },
      });
    }
  } catch (error) {
    await removeSamples(parts, ids);
    throw error;
  }
  return ids;
}

/** Takes away what an attempt left that did not come to its end. */
export async function removeSamples(
  parts: Pick<Parts, 'tracks' | 'files'>,
  ids: readonly string[],
): Promise<void> {
  const assets = await parts.tracks.assetsOf(ids);
  for (const { id } of await parts.tracks.findMany(ids)) await parts.tracks.remove(id);
  await parts.files.remove(assets.map(({ path }) => path));
}

/** 0 for sound, which has none that we know. */
function barsOf({ kind, bytes }: MadeSample): number {
  return kind === 'score' ? barCountOf(readMidi(bytes)) : 0;
}
