import { AttuneError } from '@attune/core';
import type { FileMap } from '@attune/core/nn';
import { spreadOf } from '../algebra/spread.ts';
import { BASE_FAMILIES } from './base-families.ts';
import type { SparseRow } from './csr-matrix.ts';
import { popularityOf } from './popularity.ts';
import type { Profile, Ranker, Recommender, RecommenderFamily } from './recommender.ts';
import { checkOption, ofStored, createRecommender, readModel } from './recommender.ts';

/** One model of several: its family, that family's options, and its weight. */
export interface HybridMember {
  readonly kind: string;
  readonly weight: number;
  /** For a listener of n likes the weight is multiplied by n^−fade: above 0 for what is good at short histories; 0 … 10. */
  readonly fade?: number;
  readonly options?: object;
}

/** The models that are summed; their weights are chosen on held-out likes. */
export interface HybridOptions {
  readonly members?: readonly HybridMember[];
}

/**
 * What did best alone on held-out likes of listening data, steadied by what rests on other evidence; and what does best at a few
 * likes, which counts most up to five of them and next to nothing from thirty on.
 */
export const DEFAULT_MEMBERS: readonly HybridMember[] = [
  { kind: 'implicit-als', weight: 1 },
  { kind: 'listener-kernel', weight: 0.5 },
  { kind: 'co-liking', weight: 256, fade: 2.5 },
];

/**
 * A weighted sum of several models' scores, each standardised over the catalogue for the listener at hand (mean 0,
 * deviation 1), so that weights mean the same whatever the models' scales.
 */
export const hybrid: RecommenderFamily<HybridOptions> = {
  kind: 'hybrid',
  fit: (interactions, { members = DEFAULT_MEMBERS, ...rest } = {}) => {
    checkMembers(
      members.map(({ weight }) => weight),
      members.map(({ fade = 0 }) => fade),
    );
    const fitted = members.map(({ kind, options }) =>
      familyOf(kind).fit(interactions, { ...options, ...rest }),
    );
    return combine(
      fitted,
      members.map((member) => member.weight),
      popularityOf(interactions),
      members.map((member) => member.fade ?? 0),
    );
  },
  load: (files) => {
    const { config, popularity } = readModel(files, 'hybrid');
    const [kinds, weights] = [config['members'], config['weights']];
    const fades = config['fades'] ?? (Array.isArray(weights) ? weights.map(() => 0) : []);
    if (
      !Array.isArray(kinds) ||
      !Array.isArray(weights) ||
      !Array.isArray(fades) ||
      kinds.length !== weights.length ||
      kinds.length !== fades.length ||
      kinds.length === 0
    ) {
      throw new AttuneError('checkpoint/malformed', 'The hybrid does not list its members.', {
        field: 'members',
      });
    }
    const members = kinds.map((kind, m) => {
      const family = BASE_FAMILIES.find((each) => each.kind === kind);
      if (family) return family.load(filesOf(files, m));
      throw new AttuneError('checkpoint/mismatch', `Member ${m} of the hybrid is of an unknown kind.`, {
        field: `members[${m}]`,
        kind: String(kind),
      });
    });
    const [ofMembers, faded] = [numbersOf('weights', weights), numbersOf('fades', fades)];
    return ofStored(() => combine(members, ofMembers, popularity, faded));
  },
};

function checkMembers(weights: readonly number[], fades: readonly number[]): void {
  for (const weight of weights) checkOption('weight', weight, -1000, 1000);
  for (const fade of fades) checkOption('fade', fade, 0, 10);
}

function numbersOf(field: string, values: readonly unknown[]): number[] {
  return values.map((value, m) => {
    if (typeof value === 'number') return value;
    throw new AttuneError('checkpoint/malformed', `${field}[${m}] of the hybrid is no number.`, {
      field: `${field}[${m}]`,
    });
  });
}

/**
 * One recommender of several over the same catalogue; `fades` as in `HybridMember`.
 * @throws `model/invalid` for no members, for as many weights or fades as there are not members, or where catalogues differ.
 */
export function combine(
  members: readonly Recommender[],
  weights: readonly number[],
  popularity: Float32Array,
  fades: readonly number[] = weights.map(() => 0),
): Recommender {
  const [first] = members;
  if (!first) throw new AttuneError('model/invalid', 'A hybrid has at least one member.', { members: 0 });
  if (weights.length !== members.length || fades.length !== members.length) {
    throw new AttuneError(
      'model/invalid',
      `${members.length} members have ${weights.length} weights and ${fades.length} fades.`,
      { members: members.length, weights: weights.length, fades: fades.length },
    );
  }
  checkMembers(weights, fades);
  const { catalogue } = first;
  for (const member of members) {
    const same = member.catalogue.items.every((item, i) => item === catalogue.items[i]);
    if (same && member.catalogue.items.length === catalogue.items.length) continue;
    throw new AttuneError('model/invalid', `The ${member.kind} has another catalogue.`, {
      member: member.kind,
    });
  }
  return createRecommender(rankByAll(members, weights, fades), catalogue, popularity);
}

function rankByAll(
  members: readonly Recommender[],
  weights: readonly number[],
  fades: readonly number[],
): Ranker {
  const weightOf = (m: number, { likes }: Profile): number =>
    weights[m]! * likes.indices.length ** -fades[m]!;
  const rankers = members.map((member) => member.ranker);
  const profilesOf = ({ likes, heard, state }: Profile): Profile[] => {
    let at = rankers.length;
    return rankers.map((_, m) => ({ likes, heard, state: state.subarray(at, (at += state[m]!)) }));
  };
  return {
    kind: 'hybrid',
    config: { members: rankers.map(({ kind }) => kind), weights: [...weights], fades: [...fades] },
    parameters: new Map(),
    /** The lengths of the members' states, then the states. */
    fold: (likes: SparseRow) => {
      const states = rankers.map((ranker) => ranker.fold(likes));
      return Float64Array.from([
        ...states.map((state) => state.length),
        ...states.flatMap((state) => [...state]),
      ]);
    },
    score: (profile) => {
      const sum = new Float32Array(members[0]!.catalogue.items.length);
      profilesOf(profile).forEach((own, m) => {
        const scores = rankers[m]!.score(own);
        const { mean, scale } = scaleOf(scores);
        const weight = weightOf(m, own) * scale;
        for (let i = 0; i < sum.length; i++) sum[i]! += weight * (scores[i]! - mean);
      });
      return sum;
    },
    partsOf: (profile, item) => {
      const parts = new Float64Array(profile.likes.indices.length);
      let base = 0;
      profilesOf(profile).forEach((own, m) => {
        const { mean, scale } = scaleOf(rankers[m]!.score(own));
        const of = rankers[m]!.partsOf(own, item);
        const weight = weightOf(m, own) * scale;
        base += weight * (of.base - mean);
        of.parts.forEach((part, e) => (parts[e]! += weight * part));
      });
      return { base, parts };
    },
    files: (base) => {
      const all = { ...base };
      members.forEach((member, m) => {
        for (const [name, bytes] of Object.entries(member.save())) all[`${memberFolder(m)}${name}`] = bytes;
      });
      return all;
    },
  };
}

/** Mean, and one over the deviation (0 where all scores are the same). */
function scaleOf(scores: Float32Array): { mean: number; scale: number } {
  const { mean, deviation } = spreadOf(scores);
  return { mean, scale: deviation > 0 ? 1 / deviation : 0 };
}

function familyOf(kind: string): RecommenderFamily {
  const family = BASE_FAMILIES.find((each) => each.kind === kind);
  if (family) return family;
  throw new AttuneError('model/invalid', `There is no model family ${kind} that a hybrid can hold.`, {
    kind,
  });
}

function filesOf(files: FileMap, m: number): FileMap {
  const folder = memberFolder(m);
  const own = Object.entries(files).filter(([name]) => name.startsWith(folder));
  return Object.fromEntries(own.map(([name, bytes]) => [name.slice(folder.length), bytes]));
}

function memberFolder(m: number): string {
  return `member-${m}/`;
}
