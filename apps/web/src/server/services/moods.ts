import type { Facet } from '@attune/recommend';
import { nameFacet, RATING_HALF_LIFE_DAYS } from '@attune/recommend';
import type { ListeningView, MoodView } from '../../api/moods.ts';
import type { Actor } from '../context.ts';
import { styleName } from '../music/words.ts';
import { startComposing } from './compose.ts';
import type { Deps } from './deps.ts';
import { loadListener } from './listener.ts';
import { explorationOf } from './recommend-tracks.ts';
import { moodsOf } from './tastes.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>;

const SHOWN_TRACKS = 3;

/** The moods that tell apart what the listener said, and what else shapes their recommendations. */
export async function describeListening(deps: Needs, actor: Actor): Promise<ListeningView> {
  const listener = await loadListener(deps, actor.id);
  const { facets, current } = moodsOf(listener, deps.now());
  const several = facets.length > 1 ? facets : [];
  const shown = several.map(({ itemIds }) => [...itemIds].reverse().slice(0, SHOWN_TRACKS));
  const titles = new Map((await deps.tracks.findMany(shown.flat())).map(({ id, title }) => [id, title]));
  return {
    moods: several.map((facet, index): MoodView => ({
      key: facet.key,
      name: nameOf(facet),
      share: facet.share,
      sittings: facet.sittings,
      isNow: index === current,
      tracks: shown[index]!.flatMap((id) => {
        const title = titles.get(id);
        return title === undefined ? [] : [{ id, title }];
      }),
    })),
    exploration: explorationOf(listener),
    halfLifeDays: RATING_HALF_LIFE_DAYS,
  };
}

function nameOf(facet: Facet): string {
  const named = {
    ...facet,
    traits: facet.traits.map((trait) =>
      trait.kind === 'style' ? { ...trait, name: styleName(trait.name) } : trait,
    ),
  };
  return nameFacet(named);
}

/** Composes for one mood: every candidate has a wish drawn from its taste, which ranks them. */
export async function composeForMood(
  deps: Deps,
  actor: Actor,
  { mood }: { mood: string },
): Promise<{ jobId: string }> {
  return startComposing(deps, actor, { mode: 'taste', mood });
}
