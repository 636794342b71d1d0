import type { Prisma, PrismaClient } from '../../../generated/prisma/client.ts';
import type { FactorReleaseRecord, FactorReleaseRepository } from '../factor-releases.ts';

export function createPrismaFactorReleases(prisma: PrismaClient): FactorReleaseRepository {
  return {
    latest: async () => {
      const row = await prisma.factorRelease.findFirst({ orderBy: { number: 'desc' } });
      return row ? { ...row, factors: row.factors as FactorReleaseRecord['factors'] } : undefined;
    },
    spent: async () => {
      const { _count, _sum } = await prisma.factorRelease.aggregate({ _count: true, _sum: { rho: true } });
      return { releases: _count, rho: _sum.rho ?? 0 };
    },
    insert: async ({ factors, ...release }) => {
      const data = { ...release, ...(factors && { factors: factors as Prisma.InputJsonObject }) };
      const { count } = await prisma.factorRelease.createMany({ data: [data], skipDuplicates: true });
      return count === 1;
    },
  };
}
