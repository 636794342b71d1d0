/** Where labelling goes from a row: to another that is there, to one that has to be fetched, or nowhere. */
export type RowStep =
  { readonly kind: 'row'; readonly index: number } | { readonly kind: 'fetch' } | { readonly kind: 'end' };

/** `by` rows on (negative: back) from row `index` of `count` that are there; `hasMore`: the list goes on after them. */
export function stepFrom(
  index: number,
  by: number,
  { count, hasMore }: { readonly count: number; readonly hasMore: boolean },
): RowStep {
  const next = index + by;
  if (next >= 0 && next < count) return { kind: 'row', index: next };
  return next >= count && hasMore ? { kind: 'fetch' } : { kind: 'end' };
}
