import { isStyle } from '@attune/core/style';
import type { Anchor } from '@attune/recommend';
import type { JobRecord, TasteTrack } from '../repositories/types.ts';
import type { Deps } from '../services/deps.ts';
import { itemOf, loadListener } from '../services/listener.ts';
import type { ComposeOrder } from '../worker/protocol.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'now' | 'files'>;

/** A job as an order to the worker: the wish, and everything that is known of the listener. */
export async function orderOf(deps: Needs, job: JobRecord, candidates: number): Promise<ComposeOrder> {
  const { taste, tracks, items } = await loadListener(deps, job.userId);
  const promptId = job.request.promptTrackId;
  const prompt = promptId === undefined ? undefined : await deps.tracks.findAsset(promptId, 'midi');
  return {
    conditioning: job.mode === 'taste' ? null : (job.request.conditioning ?? {}),
    bars: job.bars,
    seed: job.seed,
    prompt: prompt ? await deps.files.read(prompt.path) : null,
    candidates,
    listener: {
      taste,
      now: deps.now().getTime(),
      items,
      anchors: tracks.flatMap((track) => anchorOf(track) ?? []),
      titles: Object.fromEntries(tracks.map((track) => [track.id, track.title])),
    },
  };
}

/** A composed piece can be asked for again, with changes; it was made from a wish. */
export function anchorOf(track: TasteTrack): Anchor | undefined {
  if (!track.provenance) return undefined;
  const { style, ...rest } = track.provenance.conditioning;
  return { item: itemOf(track), conditioning: { ...rest, ...(style !== undefined && isStyle(style) ? { style } : {}) } };
}
