import type { PrismaClient } from '../../generated/prisma/client.ts';

/**
 * Hands what a guest made and said to the account they signed in to, all of it or nothing. What the account has
 * said itself on the same track, chip or dimension stands; the guest's word on it goes with the guest.
 */
export async function moveListener(prisma: PrismaClient, from: string, to: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const own = { where: { userId: to } };
    const rated = await tx.rating.findMany({ ...own, select: { trackId: true } });
    const steered = await tx.steering.findMany({ ...own, select: { key: true } });
    const corrected = await tx.tasteCorrection.findMany({ ...own, select: { dimension: true } });
    const data = { userId: to };
    await tx.rating.updateMany({
      where: { userId: from, trackId: { notIn: rated.map((r) => r.trackId) } },
      data,
    });
    await tx.steering.updateMany({
      where: { userId: from, key: { notIn: steered.map((s) => s.key) } },
      data,
    });
    await tx.tasteCorrection.updateMany({
      where: { userId: from, dimension: { notIn: corrected.map((c) => c.dimension) } },
      data,
    });
    await tx.play.updateMany({ where: { userId: from }, data });
    await tx.generationJob.updateMany({ where: { userId: from }, data });
    await tx.track.updateMany({ where: { ownerId: from }, data: { ownerId: to } });
  });
}
