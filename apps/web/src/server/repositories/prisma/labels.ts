import { Prisma } from '../../../generated/prisma/client.ts';
import { LABEL_PAIRS, LABELS_OF_ONE_STYLE } from '../../../lib/same-label.ts';

/** `isSameLabel` of two columns or values; of NULL it says nothing. */
export function sameLabel(a: Prisma.Sql, b: Prisma.Sql): Prisma.Sql {
  const pairs = Prisma.join(LABEL_PAIRS.map(([label, style]) => Prisma.sql`(${label}, ${style})`));
  return Prisma.sql`(${a} = ${b} OR (${a}, ${b}) IN (${pairs}) OR (${b}, ${a}) IN (${pairs}))`;
}

/** `styleOfLabel` of a column. */
export function styleOf(column: Prisma.Sql): Prisma.Sql {
  const cases = LABELS_OF_ONE_STYLE.map(([label, style]) => Prisma.sql`WHEN ${label} THEN ${style}`);
  return Prisma.sql`CASE ${column} ${Prisma.join(cases, ' ')} ELSE ${column} END`;
}
