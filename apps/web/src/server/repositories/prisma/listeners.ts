import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type { SteerChip } from '../../../api/types.ts';
import type { ListenerRepository, SteeringRecord } from '../types.ts';

const MOST_PRESSES = 3;

export function createPrismaListeners(prisma: PrismaClient, newId: () => string): ListenerRepository {
  return {
    addPlay: async (userId, play) => {
      await prisma.play.create({ data: { id: newId(), userId, ...play } });
    },
    plays: async (userId) => {
      const rows = await prisma.play.findMany({
        where: { userId },
        orderBy: [{ playedAt: 'asc' }, { id: 'asc' }],
      });
      return rows.map(({ trackId, seconds, completed, playedAt }) => ({
        trackId,
        seconds,
        completed,
        playedAt,
      }));
    },
    steering: async (userId) => {
      const rows = await prisma.steering.findMany({
        where: { userId },
        orderBy: [{ steeredAt: 'asc' }, { id: 'asc' }],
      });
      return rows.map(({ kind, feature, direction, label, action, presses, steeredAt }): SteeringRecord => ({
        kind: kind as SteeringRecord['kind'],
        name: feature ?? '',
        direction: direction as SteeringRecord['direction'],
        label,
        action: action as SteeringRecord['action'],
        presses,
        steeredAt,
      }));
    },
    steer: (userId, step) =>
      prisma.$transaction(async (tx) => {
        const key = steeringKey(step);
        const before = await tx.steering.findUnique({ where: { userId_key: { userId, key } } });
        const presses = before?.action === step.action ? Math.min(MOST_PRESSES, before.presses + 1) : 1;
        const data = { action: step.action, label: step.label, presses, steeredAt: step.steeredAt };
        await tx.steering.upsert({
          where: { userId_key: { userId, key } },
          create: {
            id: newId(),
            userId,
            key,
            kind: step.kind,
            feature: step.name,
            trackId: step.kind === 'track' ? step.name : null,
            direction: step.direction,
            ...data,
          },
          update: data,
        });
      }),
    undoSteering: async (userId, chip) => {
      const { count } = await prisma.steering.deleteMany({ where: { userId, key: steeringKey(chip) } });
      return count > 0;
    },
    corrections: (userId) =>
      prisma.tasteCorrection.findMany({
        where: { userId },
        select: { dimension: true, value: true },
        orderBy: { dimension: 'asc' },
      }),
    correct: async (userId, dimension, value, at) => {
      if (value === undefined) {
        await prisma.tasteCorrection.deleteMany({ where: { userId, dimension } });
        return;
      }
      const data = { value, correctedAt: at };
      await prisma.tasteCorrection.upsert({
        where: { userId_dimension: { userId, dimension } },
        create: { id: newId(), userId, dimension, ...data },
        update: data,
      });
    },
    listening: async () => {
      const rows = await prisma.$queryRaw<{ trackId: string; day: number; weight: number }[]>`
        SELECT e."trackId", e."day"::float8 AS "day", sum(e."weight")::float8 AS "weight" FROM (
          SELECT p."trackId", floor(extract(epoch FROM p."playedAt") / 86400) AS "day",
            CASE WHEN p."completed" THEN 1 ELSE least(1, p."seconds" / t."seconds") END AS "weight"
          FROM "play" p JOIN "track" t ON t."id" = p."trackId" WHERE t."ownerId" IS NULL AND t."seconds" > 0
          UNION ALL
          SELECT r."trackId", floor(extract(epoch FROM r."ratedAt") / 86400) AS "day", 1 AS "weight"
          FROM "rating" r JOIN "track" t ON t."id" = r."trackId"
          WHERE t."ownerId" IS NULL AND (r."stars" >= 4 OR r."kind" = 'more')
        ) e GROUP BY 1, 2 ORDER BY 2, 1`;
      return rows.map(({ trackId, day, weight }) => ({ trackId, day, weight }));
    },
    saveTaste: async (userId, { space, ratings, state }, at) => {
      const data = { space, ratings, state: state as Prisma.InputJsonValue, computedAt: at };
      await prisma.tasteSnapshot.upsert({ where: { userId }, create: { userId, ...data }, update: data });
    },
    clear: async (userId) => {
      await prisma.$transaction([
        prisma.play.deleteMany({ where: { userId } }),
        prisma.steering.deleteMany({ where: { userId } }),
        prisma.tasteCorrection.deleteMany({ where: { userId } }),
        prisma.tasteSnapshot.deleteMany({ where: { userId } }),
      ]);
    },
    erase: async (userId) => {
      await prisma.user.deleteMany({ where: { id: userId } });
    },
  };
}

/** A chip is the same chip when it speaks of the same thing in the same direction. */
export function steeringKey({ kind, name, direction }: SteerChip): string {
  return [kind, name, direction ?? ''].join(':');
}
