import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { Repositories } from '../types.ts';
import { createPrismaFactorReleases } from './factor-releases.ts';
import { createPrismaJobs } from './jobs.ts';
import { createPrismaListeners } from './listeners.ts';
import { createPrismaModelVersions } from './model-versions.ts';
import { createPrismaRatings } from './ratings.ts';
import { createPrismaTracks } from './tracks.ts';
import { createPrismaTrainings } from './trainings.ts';

export function createPrismaRepositories(prisma: PrismaClient, newId: () => string): Repositories {
  return {
    tracks: createPrismaTracks(prisma),
    ratings: createPrismaRatings(prisma),
    jobs: createPrismaJobs(prisma),
    listeners: createPrismaListeners(prisma, newId),
    modelVersions: createPrismaModelVersions(prisma),
    trainings: createPrismaTrainings(prisma),
    factorReleases: createPrismaFactorReleases(prisma),
  };
}
