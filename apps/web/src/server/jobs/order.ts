import { isStyle } from '@attune/core/style';
import type { Anchor } from '@attune/recommend';
import type { ComposeTask } from '../../api/types.ts';
import { DomainError } from '../errors.ts';
import type { AssetRecord, JobRecord, TasteTrack } from '../repositories/types.ts';
import { findSourceTrack } from '../services/access.ts';
import type { Deps } from '../services/deps.ts';
import { itemOf, loadListener, placeOf } from '../services/listener.ts';
import { facetOfMood } from '../services/tastes.ts';
import type { ComposeOrder, OrderTask } from '../worker/protocol.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now' | 'files'>;

/** A job as an order to the worker: the wish, and everything that is known of the listener. */
export async function orderOf(deps: Needs, job: JobRecord, candidates: number): Promise<ComposeOrder> {
  const listener = await loadListener(deps, job.userId);
  const { taste, tracks, items } = listener;
  // Of a large catalogue only what the taste speaks of goes to the other thread.
  const spoken = [...new Set([...taste.ratings, ...taste.plays].map(({ itemId }) => itemId))].flatMap(
    (id) => placeOf(listener, id) ?? [],
  );
  const { follow } = job.request;
  const task = taskOf(job);
  return {
    conditioning: job.mode === 'taste' ? null : (job.request.conditioning ?? {}),
    followsTaste: job.mode === 'taste' || (follow !== undefined && taste.ratings.length > 0),
    bars: job.bars,
    seed: job.seed,
    task: task ? await orderTask(deps, job.userId, task) : null,
    candidates: job.request.listen ? 1 : candidates,
    listener: {
      taste,
      now: deps.now().getTime(),
      items: spoken.map((place) => items[place]!),
      moodItems: typeof follow === 'object' ? facetOfMood(listener, follow.mood, deps.now()).itemIds : null,
      anchors: tracks.flatMap((track) => anchorOf(track) ?? []),
      titles: Object.fromEntries(spoken.map((place) => [tracks[place]!.id, tracks[place]!.title])),
    },
  };
}

/** What is to be done with a track, where anything is. */
export function taskOf({ request }: JobRecord): ComposeTask | undefined {
  const { task, promptTrackId } = request;
  return (
    task ?? (promptTrackId === undefined ? undefined : { kind: 'continue', sourceTrackId: promptTrackId })
  );
}

/** The notes that a task starts from. Throws `track/not-found` where they were removed meanwhile. */
export async function findSource(
  deps: Pick<Deps, 'tracks'>,
  userId: string,
  { sourceTrackId }: ComposeTask,
): Promise<AssetRecord> {
  await findSourceTrack(deps, userId, sourceTrackId);
  const asset = await deps.tracks.findAsset(sourceTrackId, 'midi');
  if (!asset)
    throw new DomainError('input/invalid', 'Start from a track with notes: this one is recorded sound.');
  return asset;
}

async function orderTask(
  deps: Pick<Deps, 'tracks' | 'files'>,
  userId: string,
  task: ComposeTask,
): Promise<OrderTask> {
  const { path } = await findSource(deps, userId, task);
  const { sourceTrackId, ...rest } = task;
  const title = (await deps.tracks.find(sourceTrackId))?.title ?? '';
  return { ...rest, title, midi: await deps.files.read(path) };
}

/** A composed piece can be asked for again, with changes; it was made from a wish. */
export function anchorOf(track: TasteTrack): Anchor | undefined {
  if (!track.provenance || track.provenance.sample) return undefined;
  const { style, ...rest } = track.provenance.conditioning;
  return {
    item: itemOf(track),
    conditioning: { ...rest, ...(style !== undefined && isStyle(style) ? { style } : {}) },
  };
}
