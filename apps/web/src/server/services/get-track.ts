import { readMidi } from '@attune/core/midi';
import { STYLE_SPACE } from '@attune/core/style';
import { findSimilar } from '@attune/recommend';
import type { PianoRollData, StyleWord, TrackDetail, TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { rollOf } from '../music/roll.ts';
import { keyLabel } from '../music/words.ts';
import type { TrackRecord } from '../repositories/types.ts';
import { findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { catalogueOf, itemOf, together } from './catalogue.ts';
import { saidInUse, shownOf } from './said-in-use.ts';
import { summarise, summaryOf } from './summarise.ts';

/** A dimension is put in words where the piece stands out by this many deviations. */
const NOTABLE = 0.75;
const MOST_WORDS = 6;

export async function getTrack(
  deps: Pick<Deps, 'tracks' | 'ratings' | 'files' | 'modelVersions' | 'trainings'>,
  actor: Actor,
  { id }: { id: string },
): Promise<TrackDetail> {
  const track = await findVisibleTrack(deps, actor, id);
  const [classifications, correctedLabel, rating, roll] = await Promise.all([
    saidInUse(deps, [id]),
    deps.tracks.correctionOf(id),
    deps.ratings.find(actor.id, id),
    loadRoll(deps, track),
  ]);
  return {
    summary: summaryOf(track, actor.id, rating?.value ?? null),
    roll,
    classifications: classifications.map(shownOf),
    correctedLabel: correctedLabel ?? null,
    provenance: track.provenance,
    styleWords: styleWordsOf(track),
    myRating: rating?.value ?? null,
    owned: track.ownerId === actor.id,
  };
}

async function loadRoll(
  deps: Pick<Deps, 'tracks' | 'files'>,
  track: TrackRecord,
): Promise<PianoRollData | null> {
  if (track.kind !== 'score') return null;
  const asset = await deps.tracks.findAsset(track.id, 'midi');
  // Stored files were written by our own writer, so reading them is quick and cannot fail on a stranger's bytes.
  return asset
    ? rollOf(readMidi(await deps.files.read(asset.path)), keyLabel(track.tonic, track.mode))
    : null;
}

function styleWordsOf({ vector }: TrackRecord): StyleWord[] {
  if (vector?.space !== STYLE_SPACE.version) return [];
  return STYLE_SPACE.dimensions
    .flatMap(({ name, low, high }, j): StyleWord[] => {
      const value = vector.values[j] ?? NaN;
      if (!(Math.abs(value) >= NOTABLE)) return [];
      return [{ dimension: name, word: value < 0 ? low : high, value: Math.round(value * 100) / 100 }];
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, MOST_WORDS);
}

export async function listSimilar(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  { id, take }: { id: string; take: number },
): Promise<TrackSummary[]> {
  const track = await findVisibleTrack(deps, actor, id);
  if (track.vector?.space !== STYLE_SPACE.version) return [];
  const [shared, own] = await Promise.all([
    deps.tracks.listForTaste(actor.id, 'shared'),
    deps.tracks.listForTaste(actor.id, 'own'),
  ]);
  const others = together(catalogueOf(shared).items, catalogueOf(own).items);
  const similar = findSimilar(itemOf(track), others, take);
  return summarise(deps, actor, await deps.tracks.findMany(similar.map(({ itemId }) => itemId)));
}
