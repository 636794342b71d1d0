import { programName } from '@attune/core';
import { DRUMS } from '@attune/core/style';
import { selectTopById } from '../../algebra/select-top.ts';
import { similarity } from '../../ranking/similar.ts';
import { noteRateOf, quantileOf, type SearchableTrack } from './searchable-track.ts';
import type { NumberWish, TrackQuery, Wish } from './track-query.ts';
import { canonicalWord } from './word-forms.ts';

/** How well one wish is met by a track, and what the track has there. */
export interface WishMatch {
  readonly wish: Wish;
  /** 0 … 1; a refused wish counts as met where the track has it not. */
  readonly score: number;
  /** What the track has, for a person: '84 bpm', 'C minor', 'energy 0.12', 'not known'. */
  readonly fact: string;
}

/** A found track. */
export interface TrackMatch {
  readonly id: string;
  /** Mean of the scores of its wishes, 0 … 1. */
  readonly score: number;
  readonly wishes: readonly WishMatch[];
}

/** A refused soft wish rules a track out where it is met this well: what is clearly sad is not "not sad". */
const CLEARLY = 0.8;
/** Deviation, in octaves of tempo, length or rate, with which a soft number fades outside its bounds. */
const FADE_OCTAVES = 0.25;
const NOTES = ['C', 'D♭', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

interface Judgement {
  readonly score: number;
  /** Empty where it was not asked for: most tracks are only scored. */
  readonly fact: string;
  /** Whether the track is ruled out by a filter. */
  readonly out?: boolean;
}

/**
 * The tracks that a query may mean, best first (ties by id), each with how well every wish is met and why. Numbers with
 * a comparison or range, "only", titles and all that is refused are filters: a track that breaks one is left out, also
 * where a filter's number is not known of it. Everything else scores 0 … 1; tracks that meet nothing are left out. A query
 * without wishes finds nothing. `take`: at most so many.
 */
export function matchTracks(
  query: TrackQuery,
  tracks: readonly SearchableTrack[],
  take = Infinity,
): TrackMatch[] {
  if (query.wishes.length === 0) return [];
  const helps = query.wishes.map((wish): Help => ({
    model: wish.kind === 'like' ? findByTitle(wish.title, tracks) : undefined,
    wanted: wish.kind === 'title' ? wordsOf(wish.text) : [],
  }));
  const scores = new Float64Array(tracks.length); // [tracks], −∞ where left out
  for (let i = 0; i < tracks.length; i++) {
    const track = tracks[i]!;
    let sum = 0;
    for (let w = 0; w < helps.length; w++) {
      const wish = query.wishes[w]!;
      const { score, out } = judge(wish, track, helps[w]!, false);
      const isOut = wish.not ? score >= CLEARLY : out === true;
      sum += isOut ? -Infinity : wish.not ? 1 - score : score;
    }
    scores[i] = sum > 0 ? sum / query.wishes.length : -Infinity;
  }
  // What a track has is put in words for those alone that are found.
  return selectTopById(scores, take, (i) => tracks[i]!.id).map((i) => {
    const track = tracks[i]!;
    const wishes = query.wishes.map((wish, w): WishMatch => {
      const { score, fact } = judge(wish, track, helps[w]!, true);
      return { wish, score: wish.not ? 1 - score : score, fact };
    });
    return { id: track.id, score: scores[i]!, wishes };
  });
}

/** The track whose title has all the words of `title`, the shortest title first; undefined where none has. */
export function findByTitle(title: string, tracks: readonly SearchableTrack[]): SearchableTrack | undefined {
  const wanted = wordsOf(title);
  return tracks
    .filter((track) => hasWords(track, wanted))
    .sort((a, b) => a.title.length - b.title.length || (a.id < b.id ? -1 : 1))[0];
}

/** What is found out of a wish once for all tracks. */
interface Help {
  /** The track that others are to be like. */
  readonly model: SearchableTrack | undefined;
  /** Words of a title. */
  readonly wanted: readonly string[];
}

function judge(wish: Wish, track: SearchableTrack, { model, wanted }: Help, says: boolean): Judgement {
  switch (wish.kind) {
    case 'style':
      return {
        score: share(track.style !== null && wish.styles.includes(track.style)),
        fact: says ? (track.style ?? 'not known') : '',
      };
    case 'quality': {
      const quantile = quantileOf(track, wish.name);
      if (quantile === undefined) return { score: 0, fact: says ? `${wish.name} not known` : '' };
      return { score: reach(quantile, wish.target), fact: says ? `${wish.name} ${quantile.toFixed(2)}` : '' };
    }
    case 'key':
      return judgeKey(wish, track, says);
    case 'meter': {
      if (!track.meter) return { score: 0, fact: says ? 'meter not known' : '' };
      const meter = `${track.meter.numerator}/${track.meter.denominator}`;
      return { score: share(wish.meters.includes(meter)), fact: says ? meter : '' };
    }
    case 'instrument': {
      const playing = wish.programs.filter((program) => track.instruments.includes(program));
      return {
        score: share(playing.length > 0),
        fact: says ? nameInstruments(playing.length > 0 ? playing : track.instruments) : '',
      };
    }
    case 'only': {
      const others = track.instruments.filter((program) => !wish.programs.includes(program));
      const met = track.instruments.length > 0 && others.length === 0;
      return {
        score: share(met),
        out: !met,
        fact: !says
          ? ''
          : others.length > 0
            ? `also ${nameInstruments(others)}`
            : nameInstruments(track.instruments),
      };
    }
    case 'number':
      return judgeNumber(wish, track, says);
    case 'like':
      if (!model) return { score: 0, fact: says ? `no track is called ${wish.title}` : '' };
      if (model.id === track.id) return { score: 0, out: true, fact: says ? 'the track itself' : '' };
      return { score: similarity(model, track), fact: says ? `like ${model.title}` : '' };
    case 'title': {
      const met = hasWords(track, wanted);
      return { score: share(met), out: !met, fact: says ? track.title : '' };
    }
  }
}

function judgeKey(wish: Extract<Wish, { kind: 'key' }>, track: SearchableTrack, says: boolean): Judgement {
  const { tonic, mode } = track;
  if (tonic === undefined || !mode) return { score: 0, fact: says ? 'key not known' : '' };
  const met = (wish.tonic ?? tonic) === tonic && (wish.mode ?? mode) === mode;
  return { score: share(met), fact: says ? `${NOTES[tonic]} ${mode}` : '' };
}

function judgeNumber(wish: NumberWish, track: SearchableTrack, says: boolean): Judgement {
  const value = numberOf(wish, track);
  if (value === undefined)
    return { score: 0, fact: says ? `${NUMBER_WORDS[wish.of]} not known` : '', out: wish.strict };
  const { atLeast = 0, atMost = Infinity } = wish;
  const fact = says ? `${Math.round(value * 10) / 10} ${NUMBER_WORDS[wish.of]}` : '';
  if (value >= atLeast && value <= atMost) return { score: 1, fact };
  if (wish.strict) return { score: 0, fact, out: true };
  const octaves = value < atLeast ? Math.log2(atLeast / Math.max(value, 1e-9)) : Math.log2(value / atMost);
  return { score: Math.exp(-((octaves / FADE_OCTAVES) ** 2) / 2), fact };
}

const NUMBER_WORDS = {
  tempo: 'bpm',
  seconds: 'seconds',
  noteRate: 'notes a second',
  instruments: 'instruments',
} as const;

function numberOf(wish: NumberWish, track: SearchableTrack): number | undefined {
  const value =
    wish.of === 'noteRate'
      ? noteRateOf(track)
      : wish.of === 'instruments'
        ? track.instruments.length || undefined
        : track[wish.of];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** 1 on the far side of the target, falling in a straight line to 0 at the other end. */
function reach(quantile: number, target: number): number {
  if (target < 0.5) return quantile <= target ? 1 : (1 - quantile) / (1 - target);
  return quantile >= target ? 1 : quantile / target;
}

/** Words of titles that were looked at: a catalogue is searched again and again. */
const titleWords = new WeakMap<SearchableTrack, readonly string[]>();

function hasWords(track: SearchableTrack, wanted: readonly string[]): boolean {
  let own = titleWords.get(track);
  if (!own) titleWords.set(track, (own = wordsOf(track.title)));
  return wanted.length > 0 && wanted.every((word) => own.includes(word));
}

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}'’]+/gu) ?? [])
    .map(canonicalWord)
    .filter((word) => !['the', 'a', 'an', ''].includes(word));
}

function nameInstruments(programs: readonly number[]): string {
  if (programs.length === 0) return 'instruments not known';
  return programs.map((program) => (program === DRUMS ? 'Drums' : programName(program))).join(', ');
}

function share(met: boolean): number {
  return met ? 1 : 0;
}
