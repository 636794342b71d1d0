import { DomainError } from '../errors.ts';
import type { JobRecord, JobRepository, TrackRepository } from '../repositories/types.ts';
import { newTrackOf } from '../services/new-track.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { Composition } from '../worker/protocol.ts';
import { findSource, taskOf } from './order.ts';

interface Parts {
  readonly jobs: JobRepository;
  readonly tracks: TrackRepository;
  readonly files: FileStore;
  readonly now: () => Date;
}

/** Stores a finished piece under the name of its job, for whoever owns the job by now. */
export async function keepComposition(parts: Parts, job: JobRecord, composition: Composition): Promise<void> {
  const current = await parts.jobs.find(job.id);
  if (current?.status !== 'running') throw new DomainError('cancelled', 'The work was cancelled.');
  const { title, midi, description, ...made } = composition;
  const task = taskOf(job);
  const {
    modelVersion,
    seed,
    bars,
    conditioning,
    tokenizer,
    originality,
    wellFormedness,
    candidates,
    reasons,
  } = made;
  await newTrackOf(parts, {
    id: job.id,
    ownerId: current.userId,
    title,
    kind: 'score',
    source: 'generated',
    description,
    provenance: {
      modelVersion,
      seed,
      bars,
      conditioning,
      tokenizer,
      ...(task && {
        task: { ...task, sourceSha256: (await findSource(parts, current.userId, task)).sha256 },
      }),
      originality,
      wellFormedness,
      candidates,
      reasons,
    },
    file: { kind: 'midi', bytes: midi },
  });
}
