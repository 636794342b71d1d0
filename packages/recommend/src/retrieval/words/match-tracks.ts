import { programName } from '@attune/core';
import { DRUMS } from '@attune/core/style';
import { selectTopById } from '../../algebra/select-top.ts';
import { similarity } from '../../ranking/similar.ts';
import { noteRateOf, quantileOf, type SearchableTrack } from './searchable-track.ts';
import type { NumberWish, TrackQuery, Wish } from './track-query.ts';
import { shareOfWords, titleQueryOf, type TitleQuery } from './title-words.ts';

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
  /** Mean of the scores of its wishes, 0 … 1; words sought in titles weigh more than all others together. */
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
 * without wishes finds nothing. Words sought in titles that stand in none of them are passed over, so that the other wishes
 * count as they would without. `take`: at most so many.
 */
export function matchTracks(
  query: TrackQuery,
  tracks: readonly SearchableTrack[],
  take = Infinity,
): TrackMatch[] {
  const helps = query.wishes.map((wish): Help => {
    const wanted = wish.kind === 'title' || wish.kind === 'words' ? titleQueryOf(wish.text) : NO_WORDS;
    const model = wish.kind === 'like' ? findByTitle(wish.title, tracks) : undefined;
    return { model, wanted, weight: 1 };
  });
  weighWords(query.wishes, helps, tracks);
  const whole = helps.reduce((sum, { weight }) => sum + weight, 0);
  if (whole === 0) return [];
  const scores = new Float64Array(tracks.length); // [tracks], −∞ where left out
  for (let i = 0; i < tracks.length; i++) {
    const track = tracks[i]!;
    let sum = 0;
    for (let w = 0; w < helps.length; w++) {
      const wish = query.wishes[w]!;
      const { weight } = helps[w]!;
      if (weight === 0) continue;
      const { score, out } = judge(wish, track, helps[w]!, false);
      const isOut = wish.not ? score >= CLEARLY : out === true;
      sum += isOut ? -Infinity : weight * (wish.not ? 1 - score : score);
    }
    scores[i] = sum > 0 ? sum / whole : -Infinity;
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
  const wanted = titleQueryOf(title);
  return tracks
    .filter((track) => shareOfWords(track.title, wanted) === 1)
    .sort((a, b) => a.title.length - b.title.length || (a.id < b.id ? -1 : 1))[0];
}

const NO_WORDS = titleQueryOf('');

/** What is found out of a wish once for all tracks. */
interface Help {
  /** The track that others are to be like. */
  readonly model: SearchableTrack | undefined;
  /** Words of a title. */
  readonly wanted: TitleQuery;
  weight: number;
}

/** Tracks whose title has the words come first: together they weigh more than all other wishes. Words in no title weigh nothing. */
function weighWords(
  wishes: readonly Wish[],
  helps: readonly Help[],
  tracks: readonly SearchableTrack[],
): void {
  const others = wishes.filter(({ kind }) => kind !== 'words').length;
  wishes.forEach(({ kind }, w) => {
    if (kind !== 'words') return;
    const help = helps[w]!;
    help.weight = tracks.some(({ title }) => shareOfWords(title, help.wanted) > 0) ? others + 1 : 0;
  });
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
      const met = shareOfWords(track.title, wanted) === 1;
      return { score: share(met), out: !met, fact: says ? track.title : '' };
    }
    case 'words': {
      const score = shareOfWords(track.title, wanted);
      return { score, fact: !says ? '' : score > 0 ? track.title : 'not in the title' };
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

function nameInstruments(programs: readonly number[]): string {
  if (programs.length === 0) return 'instruments not known';
  return programs.map((program) => (program === DRUMS ? 'Drums' : programName(program))).join(', ');
}

function share(met: boolean): number {
  return met ? 1 : 0;
}
