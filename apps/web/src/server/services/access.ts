import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { JobRecord, TrackRecord } from '../repositories/types.ts';
import type { Deps } from './deps.ts';

/** The catalogue is everybody's; other tracks are their owner's, and an administrator's to look at. */
export function maySee(actor: Actor, track: Pick<TrackRecord, 'ownerId'>): boolean {
  return track.ownerId === null || track.ownerId === actor.id || actor.role === 'admin';
}

/** What one may not see is not there: the answer does not tell which of the two it is. */
export async function findVisibleTrack(
  deps: Pick<Deps, 'tracks'>,
  actor: Actor,
  id: string,
): Promise<TrackRecord> {
  const track = await deps.tracks.find(id);
  if (!track || !maySee(actor, track)) throw new DomainError('track/not-found', 'There is no such track.');
  return track;
}

/** Music to make something new of: the catalogue's or one's own, never another person's, whoever asks. */
export async function findSourceTrack(
  deps: Pick<Deps, 'tracks'>,
  userId: string,
  id: string,
): Promise<TrackRecord> {
  const track = await deps.tracks.find(id);
  if (!track || (track.ownerId !== null && track.ownerId !== userId)) {
    throw new DomainError(
      'track/not-found',
      'The track to start from is not there; it may have been removed.',
    );
  }
  return track;
}

/** Checked in services as well as in routers: a service is not safe by being reached from one place only. */
export function assertAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new DomainError('access/denied', 'Only an administrator can do this.');
}

/** For what changes a track: its owner alone. */
export async function findOwnTrack(
  deps: Pick<Deps, 'tracks'>,
  actor: Actor,
  id: string,
): Promise<TrackRecord> {
  const track = await findVisibleTrack(deps, actor, id);
  if (track.ownerId !== actor.id)
    throw new DomainError('access/denied', 'Only the owner of a track can do this.');
  return track;
}

export async function findOwnJob(deps: Pick<Deps, 'jobs'>, actor: Actor, id: string): Promise<JobRecord> {
  const job = await deps.jobs.find(id);
  if (job?.userId !== actor.id)
    throw new DomainError('job/not-found', 'There is no such piece in the making.');
  return job;
}
