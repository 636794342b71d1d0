import { AttuneError } from '@attune/core';
import { epsilonOf, zeroConcentrated, type Factors, type Liking } from '@attune/recommend';
import type { FactorReleaseRecord, FactorReleaseRepository } from './repositories/factor-releases.ts';
import type { SharedTaste } from './shared-taste.ts';

const DAY_MS = 24 * 3600 * 1000;
/** After a failure it is tried again no sooner than this. */
const RETRY_MS = 5 * 60_000;
/** Releases are shares of one budget, whose sum is that budget but for rounding. */
const ROUNDING = 1e-9;

/** How much may ever be told of any one listener, and in how many releases. */
export interface PrivacyBudget {
  readonly epsilon: number;
  readonly delta: number;
  /** Among how many releases the budget is shared out. */
  readonly releases: number;
  /** Least time between two releases. */
  readonly days: number;
}

/** What publishing needs: everything that listeners said, the public catalogue, and where releases are kept. */
export interface PrivateFactorNeeds {
  readonly likings: () => Promise<readonly Liking[]>;
  readonly catalogue: () => Promise<readonly string[]>;
  readonly releases: FactorReleaseRepository;
  readonly fit: (
    likings: readonly Liking[],
    items: readonly string[],
    rho: number,
  ) => Promise<{ readonly factors: Factors | null; readonly deviation: number }>;
  readonly now: () => Date;
}

/**
 * What many listeners have in common under differential privacy. A release is made at most once in `days`, and each
 * spends 1/`releases` of the budget's ρ; ρ add up (Bun & Steinke 2016, lemma 1.7) over all that were ever made, also
 * before a restart or with other settings. A release is stored with what it spent before anything of it is used. Once the
 * budget is spent the last release stays. Whether one is due depends on time and budget alone, never on who rated.
 */
export function createPrivateFactors(needs: PrivateFactorNeeds, budget: PrivacyBudget): SharedTaste {
  const { releases, now } = needs;
  const total = zeroConcentrated(budget.epsilon, budget.delta);
  const share = total / budget.releases;
  let latest: Promise<FactorReleaseRecord | undefined> | undefined;
  let served: { release: FactorReleaseRecord; factors: Factors | undefined } | undefined;
  let publishing: Promise<void> | undefined;
  let failedAt = -Infinity;

  const load = (): Promise<FactorReleaseRecord | undefined> => {
    const loading = releases.latest();
    loading.catch(() => {
      if (latest === loading) latest = undefined;
    });
    return (latest = loading);
  };
  /** The time from which the next may be made; null where the budget is spent. */
  const nextAfter = async (last: FactorReleaseRecord | undefined): Promise<Date | null> => {
    const { rho } = await releases.spent();
    if (rho + share > total * (1 + ROUNDING)) return null;
    return last ? new Date(last.releasedAt.getTime() + budget.days * DAY_MS) : now();
  };
  const publish = async (): Promise<void> => {
    const last = await load();
    const next = await nextAfter(last);
    if (next === null || now() < next) return;
    const { factors, deviation } = await needs.fit(await needs.likings(), await needs.catalogue(), share);
    const stored = factors && Object.fromEntries([...factors.items].map(([id, own]) => [id, [...own]]));
    const number = (last?.number ?? 0) + 1;
    // Where another server was first, its release is used, and this one is forgotten unseen.
    await releases.insert({ number, rho: share, deviation, factors: stored, releasedAt: now() });
    await load();
  };
  return {
    mode: 'private',
    factors: async () => {
      const release = await (latest ?? load());
      if (now().getTime() - failedAt > RETRY_MS) {
        publishing ??= publish()
          .catch((error: unknown) => {
            failedAt = now().getTime();
            console.error('What listeners have in common could not be published.', error);
          })
          .finally(() => (publishing = undefined));
      }
      if (release && served?.release.number !== release.number)
        served = { release, factors: factorsOf(release) };
      return served?.factors;
    },
    // A release tells next to nothing of anyone, erased or not: it stays until the next.
    forget: () => undefined,
    settled: async () => publishing,
    report: async () => {
      const [last, spent] = [await load(), await releases.spent()];
      const next = await nextAfter(last);
      return {
        mode: 'private',
        epsilon: budget.epsilon,
        delta: budget.delta,
        spentEpsilon: epsilonOf(spent.rho, budget.delta),
        releases: spent.releases,
        plannedReleases: budget.releases,
        days: budget.days,
        deviation: last?.deviation ?? null,
        releasedAt: last?.releasedAt.toISOString() ?? null,
        nextAfter: next?.toISOString() ?? null,
        stoodOut: last ? last.factors !== null : null,
      };
    },
  };
}

function factorsOf({ number, factors }: FactorReleaseRecord): Factors | undefined {
  if (factors === null) return undefined;
  const items = new Map(Object.entries(factors).map(([id, values]) => [id, Float64Array.from(values)]));
  const rank = items.values().next().value?.length ?? 0;
  if ([...items.values()].some((values) => values.length !== rank || !values.every(Number.isFinite))) {
    throw new AttuneError('checkpoint/malformed', `Release ${number} of shared factors is damaged.`, {
      number,
    });
  }
  return { rank, items };
}
