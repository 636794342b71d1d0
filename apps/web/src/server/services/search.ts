import { detectAudioFormat } from '@attune/core/audio';
import { STYLE_SPACE } from '@attune/core/style';
import type { Item, SearchableTrack, Wish } from '@attune/recommend';
import { findSimilar, matchTracks, parseQuery } from '@attune/recommend';
import type { FoundTrack, LikeSearch, SearchAspect, WordSearch } from '../../api/search.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { wishLabel } from '../music/wish-words.ts';
import type { TasteTrack } from '../repositories/types.ts';
import { writePieceList, type Piece } from '../worker/search/piece-list.ts';
import type { FindAnswer, SearchExample, Searched } from '../worker/search/protocol.ts';
import { findVisibleTrack } from './access.ts';
import { catalogueOf, itemOf, together } from './catalogue.ts';
import type { Deps } from './deps.ts';
import { assetPath } from './new-track.ts';
import { summarise } from './summarise.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'files' | 'finder'>;

/** What an example that is sent may have at most, in bytes. */
export const MOST_EXAMPLE_BYTES = 12_000_000;
const MOST_TAPS = 200;

/** Searches by words. `without`: places of wishes that were understood and then taken away. */
export async function searchWords(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  { text, without, take }: { text: string; without: readonly number[]; take: number },
): Promise<WordSearch> {
  const query = parseQuery(text);
  const wishes = query.wishes.filter((_, index) => !without.includes(index));
  const tracks = await searchable(deps, actor);
  const matches = matchTracks({ ...query, wishes }, tracks, take);
  // Tracks whose title has the words come first: where the first has none of them, no title has.
  const absent = new Set(
    (matches[0]?.wishes ?? wishes.map((wish) => ({ wish, score: 0 })))
      .filter(({ wish, score }) => wish.kind === 'words' && !wish.not && score === 0)
      .map(({ wish }) => wish),
  );
  const found = await asFound(
    deps,
    actor,
    matches.map(({ id, score, wishes: met }) => ({
      id,
      score,
      facts: met
        .filter((match) => !match.wish.not && match.score >= 0.5 && SPOKEN.has(match.wish.kind))
        .map(({ fact }) => fact),
    })),
  );
  return {
    wishes: query.wishes.flatMap((wish, index) =>
      without.includes(index) || absent.has(wish) ? [] : [{ index, label: wishLabel(wish), said: wish.said }],
    ),
    unknown: query.unknown
      .map(({ text: word }) => word)
      .filter(
        (word) =>
          !query.wishes.some((wish) => wish.kind === 'words' && wish.text === word && !absent.has(wish)),
      ),
    corrections: query.corrections,
    found,
  };
}

/** Wishes whose facts a listener understands; "energy 0.12" is not one of them. */
const SPOKEN: ReadonlySet<Wish['kind']> = new Set(['key', 'meter', 'number', 'like']);

const searchables = new WeakMap<readonly TasteTrack[], readonly SearchableTrack[]>();

async function searchable(
  { tracks }: Pick<Deps, 'tracks'>,
  actor: Actor,
): Promise<readonly SearchableTrack[]> {
  const [shared, own] = await Promise.all([
    tracks.listForTaste(actor.id, 'shared'),
    tracks.listForTaste(actor.id, 'own'),
  ]);
  const mine = own.flatMap(searchableOf);
  let all = searchables.get(shared);
  if (!all) searchables.set(shared, (all = shared.flatMap(searchableOf)));
  return together(all, mine);
}

function searchableOf(track: TasteTrack): SearchableTrack[] {
  if (!track.vector) return [];
  const { title, tempo, tonic, mode, seconds } = track;
  const [numerator, denominator] = (track.meter ?? '').split('/').map(Number);
  return [
    {
      ...itemOf(track),
      title,
      seconds,
      ...(tempo !== null && { tempo }),
      ...(tonic !== null && { tonic }),
      ...(mode !== null && { mode }),
      ...(numerator && denominator ? { meter: { numerator, denominator } } : {}),
    },
  ];
}

/** Tracks like one that is there already, as a whole or in one aspect. */
export async function searchLikeTrack(
  deps: Needs,
  actor: Actor,
  { trackId, aspect, take }: { trackId: string; aspect: SearchAspect; take: number },
): Promise<LikeSearch> {
  const track = await findVisibleTrack(deps, actor, trackId);
  if (aspect === 'overall') {
    if (track.vector?.space !== STYLE_SPACE.version)
      throw new DomainError('input/invalid', 'Nothing is known of how this track sounds.');
    return overall(deps, actor, itemOf(track), take);
  }
  const assets = await deps.tracks.assetsOf([track.id]);
  const asset = assets.find(({ kind }) => kind === (track.kind === 'score' ? 'midi' : 'audio'));
  if (!asset) throw new DomainError('asset/not-found', 'The file of this track is not there any more.');
  const piece: Piece = { id: track.id, kind: track.kind === 'score' ? 'midi' : 'audio', path: asset.path };
  return inAspect(deps, actor, { from: 'piece', piece }, aspect, take);
}

/** Tracks like a file: MIDI or recorded sound, by its first bytes. It is looked at and forgotten. */
export async function searchLikeFile(
  deps: Needs,
  actor: Actor,
  { bytes, aspect, take }: { bytes: Uint8Array; aspect: SearchAspect; take: number },
): Promise<LikeSearch> {
  assertExample(bytes);
  if (aspect !== 'overall') return inAspect(deps, actor, { from: 'file', bytes }, aspect, take);
  const { vector, instruments } = await deps.finder.run('placeFile', { bytes });
  if (!vector) throw new DomainError('input/invalid', 'Nothing can be told of how this file sounds.');
  return overall(deps, actor, { id: '', vector, style: null, instruments }, take);
}

/** Tracks that hold a melody that was hummed, sung or whistled into a recording, or stands in a MIDI file. */
export async function searchHummed(
  deps: Needs,
  actor: Actor,
  { bytes, take }: { bytes: Uint8Array; take: number },
): Promise<LikeSearch> {
  assertExample(bytes);
  return byMelody(deps, actor, { from: 'file', bytes }, take);
}

/** Tracks that hold a rhythm that was tapped; `onsets` in seconds, rising. */
export async function searchTapped(
  deps: Needs,
  actor: Actor,
  { onsets, take }: { onsets: readonly number[]; take: number },
): Promise<LikeSearch> {
  if (onsets.length > MOST_TAPS)
    throw new DomainError('input/invalid', `At most ${MOST_TAPS} taps are looked for at once.`);
  const at = onsets.findIndex((onset, i) => !Number.isFinite(onset) || (i > 0 && onset <= onsets[i - 1]!));
  if (at >= 0) throw new DomainError('input/invalid', `Tap ${at + 1} is not later than the one before.`);
  return byMelody(deps, actor, { from: 'melody', melody: { onsets: [...onsets] } }, take);
}

function assertExample(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new DomainError('upload/empty', 'The file is empty.');
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head !== 'MThd' && head !== 'RIFF' && detectAudioFormat(bytes) === undefined) {
    throw new DomainError('upload/type', 'This is neither a MIDI file nor a WAV, MP3, FLAC or OGG file.');
  }
}

async function overall(deps: Needs, actor: Actor, item: Item, take: number): Promise<LikeSearch> {
  const [shared, own] = await Promise.all([
    deps.tracks.listForTaste(actor.id, 'shared'),
    deps.tracks.listForTaste(actor.id, 'own'),
  ]);
  const items = together(catalogueOf(shared).items, catalogueOf(own).items);
  const similar = findSimilar(item, items, take);
  const found = await asFound(
    deps,
    actor,
    similar.map(({ itemId, similarity }) => ({ id: itemId, score: similarity, facts: [] })),
  );
  return { found, searched: items.length, total: items.length, isMore: false, notes: 0 };
}

async function inAspect(
  deps: Needs,
  actor: Actor,
  example: SearchExample,
  aspect: Exclude<SearchAspect, 'overall'>,
  take: number,
): Promise<LikeSearch> {
  const pieces = await piecesOf(deps, actor);
  return finish(deps, actor, await deps.finder.run('findLike', { example, aspect, pieces, take }));
}

async function byMelody(
  deps: Needs,
  actor: Actor,
  example: SearchExample,
  take: number,
): Promise<LikeSearch> {
  const pieces = await piecesOf(deps, actor);
  return finish(deps, actor, await deps.finder.run('findMelody', { example, pieces, take }));
}

/** Files of everything that the viewer may hear, their own first. */
async function piecesOf({ tracks, files }: Needs, actor: Actor): Promise<Searched> {
  const [shared, own] = await Promise.all([
    tracks.listForTaste(actor.id, 'shared'),
    tracks.listForTaste(actor.id, 'own'),
  ]);
  let list = pieceLists.get(shared);
  if (list === undefined) pieceLists.set(shared, (list = await listPieces(tracks, shared)));
  return { folder: files.root, own: await listPieces(tracks, own), shared: list };
}

/** Of the same list the same text; see `catalogueOf`. */
const pieceLists = new WeakMap<readonly TasteTrack[], string>();

/** Files of sound have names of many kinds, and are asked for. */
async function listPieces(tracks: Needs['tracks'], list: readonly TasteTrack[]): Promise<string> {
  const sounds = list.filter(({ kind }) => kind === 'audio').map(({ id }) => id);
  const assets = sounds.length === 0 ? [] : await tracks.assetsOf(sounds);
  const paths = new Map(
    assets.filter(({ kind }) => kind === 'audio').map(({ trackId, path }) => [trackId, path]),
  );
  return writePieceList(
    list.flatMap(({ id, kind }): Piece[] => {
      const path = kind === 'score' ? assetPath(id, 'track.mid') : paths.get(id);
      return path === undefined ? [] : [{ id, kind: kind === 'score' ? 'midi' : 'audio', path }];
    }),
  );
}

async function finish(deps: Needs, actor: Actor, { found, ...answer }: FindAnswer): Promise<LikeSearch> {
  return {
    ...answer,
    found: await asFound(
      deps,
      actor,
      found.map(({ id, likeness }) => ({ id, score: likeness, facts: [] })),
    ),
  };
}

async function asFound(
  deps: Pick<Deps, 'tracks' | 'ratings'>,
  actor: Actor,
  matches: readonly { readonly id: string; readonly score: number; readonly facts: readonly string[] }[],
): Promise<FoundTrack[]> {
  const tracks = await deps.tracks.findMany(matches.map(({ id }) => id));
  const summaries = new Map((await summarise(deps, actor, tracks)).map((summary) => [summary.id, summary]));
  return matches.flatMap(({ id, score, facts }) => {
    const track = summaries.get(id);
    return track ? [{ track, score, facts: [...new Set(facts)] }] : [];
  });
}
