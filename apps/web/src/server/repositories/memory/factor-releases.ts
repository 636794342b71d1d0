import type { FactorReleaseRepository } from '../factor-releases.ts';
import type { Store } from './store.ts';

/* eslint-disable @typescript-eslint/require-await -- the interfaces are asynchronous for the database's sake */

export function factorReleasesOf({ factorReleases }: Store): FactorReleaseRepository {
  const all = () => [...factorReleases.values()].sort((a, b) => a.number - b.number);
  return {
    latest: async () => all().at(-1),
    spent: async () => ({
      releases: factorReleases.size,
      rho: all().reduce((sum, { rho }) => sum + rho, 0),
    }),
    insert: async (release) => {
      if (factorReleases.has(release.number)) return false;
      factorReleases.set(release.number, release);
      return true;
    },
  };
}
