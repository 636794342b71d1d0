import type { Viewer, ViewerExport } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { jobViewOf } from './compose.ts';
import type { Deps } from './deps.ts';
import { describeTaste } from './describe-taste.ts';
import { listRatings } from './list-ratings.ts';
import { summaryOf } from './summarise.ts';

export async function getViewer(deps: Pick<Deps, 'ratings'>, actor: Actor): Promise<Viewer> {
  return { ...actor, ratings: await deps.ratings.count(actor.id) };
}

/** Removes the person with everything that is theirs or was derived from them, files included. */
export async function eraseViewer(
  deps: Pick<Deps, 'tracks' | 'jobs' | 'listeners' | 'files' | 'composer' | 'moods' | 'forgetFactors'>,
  actor: Actor,
): Promise<{ erased: true }> {
  const open = (await deps.jobs.list(actor.id, 1000)).filter(({ finishedAt }) => finishedAt === null);
  for (const job of open) await deps.composer.cancel(job.id);
  const assets = await deps.tracks.assetsOf(await deps.tracks.trackIdsOf(actor.id));
  await deps.listeners.erase(actor.id);
  await deps.files.remove(assets.map((asset) => asset.path));
  deps.moods.forget(actor.id);
  deps.forgetFactors();
  return { erased: true };
}

type ExportNeeds = Pick<
  Deps,
  'tracks' | 'ratings' | 'jobs' | 'listeners' | 'files' | 'factors' | 'moods' | 'now'
>;

/** Everything that is held about the viewer, as plain data; pieces of their own with their notes in Base64. */
export async function exportViewer(deps: ExportNeeds, actor: Actor): Promise<ViewerExport> {
  const [viewer, ratings, plays, steering, jobs, taste, trackIds] = await Promise.all([
    getViewer(deps, actor),
    listRatings(deps, actor),
    deps.listeners.plays(actor.id),
    deps.listeners.steering(actor.id),
    deps.jobs.list(actor.id, 10_000),
    describeTaste(deps, actor),
    deps.tracks.trackIdsOf(actor.id),
  ]);
  return {
    exportedAt: deps.now().toISOString(),
    viewer,
    ratings: ratings.map(({ track, value, ratedAt }) => ({
      trackId: track.id,
      title: track.title,
      value,
      at: ratedAt,
    })),
    plays: plays.map(({ playedAt, ...play }) => ({ ...play, at: playedAt.toISOString() })),
    steering: steering.map(({ label, action, steeredAt }) => ({
      key: label,
      action,
      at: steeredAt.toISOString(),
    })),
    tracks: await exportTracks(deps, actor, trackIds),
    jobs: jobs.map(jobViewOf),
    taste,
  };
}

async function exportTracks(
  deps: Pick<Deps, 'tracks' | 'files'>,
  actor: Actor,
  trackIds: readonly string[],
): Promise<ViewerExport['tracks']> {
  const tracks = await deps.tracks.findMany(trackIds);
  const assets = (await deps.tracks.assetsOf(trackIds)).filter(({ kind }) => kind === 'midi');
  const pathOf = new Map(assets.map((asset) => [asset.trackId, asset.path]));
  return Promise.all(
    tracks.map(async (track) => {
      const path = pathOf.get(track.id);
      const midi = path === undefined ? null : Buffer.from(await deps.files.read(path)).toString('base64');
      return { summary: summaryOf(track, actor.id, null), provenance: track.provenance, midi };
    }),
  );
}
