import { DomainError } from '../errors.ts';
import type { JobRecord, SampleRequestRecord } from '../repositories/types.ts';
import { findSourceTrack } from '../services/access.ts';
import type { Deps } from '../services/deps.ts';
import type { SampleOrder } from '../worker/protocol.ts';

type Needs = Pick<Deps, 'tracks' | 'files'>;

/** A job for another kind of model as an order to the worker. Throws `track/not-found` where a track was removed. */
export async function sampleOrderOf(
  deps: Needs,
  job: JobRecord,
  request: SampleRequestRecord,
): Promise<SampleOrder> {
  const { family, count, settings, sourceTrackIds } = request;
  const inputs = await Promise.all(sourceTrackIds.map((id) => readSource(deps, job.userId, id)));
  return { family, count, settings, seed: job.seed, inputs };
}

async function readSource(deps: Needs, userId: string, id: string): Promise<SampleOrder['inputs'][number]> {
  const track = await findSourceTrack(deps, userId, id);
  const kind = track.kind === 'score' ? 'midi' : 'audio';
  const asset = await deps.tracks.findAsset(id, kind);
  if (!asset) throw new DomainError('asset/not-found', `The file of ${track.title} is not there any more.`);
  return { kind, bytes: await deps.files.read(asset.path) };
}
