import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type { RatingRecord, RatingRepository } from '../types.ts';
import { fromStored, toStored } from './rating-values.ts';

/** As `refusesListeners` says. */
const SHARING: Prisma.UserWhereInput = {
  steering: { none: { kind: 'listeners', action: { not: 'more' } } },
};

/** Rows read at once where all are read. */
const PAGE = 2_000;

export function createPrismaRatings(prisma: PrismaClient): RatingRepository {
  const keyOf = (userId: string, trackId: string) => ({ userId_trackId: { userId, trackId } });
  return {
    find: async (userId, trackId) => {
      const row = await prisma.rating.findUnique({ where: keyOf(userId, trackId) });
      return row ? toRating(row) : undefined;
    },
    listOf: async (userId) => {
      const rows = await prisma.rating.findMany({
        where: { userId },
        orderBy: [{ ratedAt: 'desc' }, { id: 'asc' }],
      });
      return rows.map(toRating);
    },
    count: (userId) => prisma.rating.count({ where: { userId } }),
    set: (userId, trackId, value, at) =>
      prisma.$transaction(async (tx) => {
        const stored = toStored(value);
        const before = await tx.rating.findUnique({ where: keyOf(userId, trackId) });
        const previous = before
          ? { previousKind: before.kind, previousStars: before.stars }
          : { previousKind: null, previousStars: null };
        const data = { ...stored, ...previous, ratedAt: at };
        await tx.rating.upsert({
          where: keyOf(userId, trackId),
          create: { id: `${userId}/${trackId}`, userId, trackId, ...data },
          update: data,
        });
        return before ? fromStored(before) : null;
      }),
    undo: (userId, trackId, at) =>
      prisma.$transaction(async (tx) => {
        const row = await tx.rating.findUnique({ where: keyOf(userId, trackId) });
        if (!row) return null;
        if (row.previousKind === null) {
          await tx.rating.delete({ where: { id: row.id } });
        } else {
          await tx.rating.update({
            where: { id: row.id },
            data: {
              kind: row.previousKind,
              stars: row.previousStars,
              previousKind: null,
              previousStars: null,
              ratedAt: at,
            },
          });
        }
        return fromStored(row);
      }),
    clear: async (userId) => {
      await prisma.rating.deleteMany({ where: { userId } });
    },
    listShared: async () => {
      const numbers = new Map<string, string>();
      const result: Awaited<ReturnType<RatingRepository['listShared']>> = [];
      // A page at a time: the embedded database answers in this thread, and requests wait meanwhile.
      for (let after = ''; ;) {
        const rows = await prisma.rating.findMany({
          where: { track: { ownerId: null }, user: SHARING, id: { gt: after } },
          select: { id: true, userId: true, trackId: true, kind: true, stars: true },
          orderBy: { id: 'asc' },
          take: PAGE,
        });
        for (const row of rows) {
          const listener = numbers.get(row.userId) ?? String(numbers.size);
          numbers.set(row.userId, listener);
          result.push({ listener, trackId: row.trackId, value: fromStored(row) });
        }
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return result;
        after = last.id;
      }
    },
  };
}

function toRating(row: Prisma.RatingGetPayload<object>): RatingRecord {
  const previous =
    row.previousKind === null ? null : fromStored({ kind: row.previousKind, stars: row.previousStars });
  return { userId: row.userId, trackId: row.trackId, value: fromStored(row), previous, ratedAt: row.ratedAt };
}
