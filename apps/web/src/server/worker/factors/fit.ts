import { createRng } from '@attune/core';
import type { Liking } from '@attune/recommend';
import { fitFactors, fitPrivateFactors } from '@attune/recommend';
import type { FactorTasks, LikingColumns } from './protocol.ts';
import { secretNoise } from './secret-noise.ts';

export const FACTOR_TASKS = {
  fitFactors: (columns: LikingColumns): Promise<FactorTasks['fitFactors']['answer']> =>
    new Promise((resolve) => resolve(fitFactors(rowsOf(columns), createRng(1)) ?? null)),
  fitPrivateFactors: ({
    likings,
    items,
    rho,
  }: FactorTasks['fitPrivateFactors']['input']): Promise<FactorTasks['fitPrivateFactors']['answer']> =>
    new Promise((resolve) => {
      const fitted = fitPrivateFactors(rowsOf(likings), { items, rho, noise: secretNoise() });
      resolve({ factors: fitted.factors ?? null, deviation: fitted.deviation });
    }),
};

/** As columns; the two are each other's reverse. */
export function columnsOf(likings: readonly Liking[]): LikingColumns {
  const places = (names: readonly string[]): { list: string[]; at: Int32Array } => {
    const known = new Map<string, number>();
    const at = Int32Array.from(names, (name) => {
      const place = known.get(name) ?? known.size;
      known.set(name, place);
      return place;
    });
    return { list: [...known.keys()], at };
  };
  const listeners = places(likings.map(({ listener }) => listener));
  const items = places(likings.map(({ item }) => item));
  return {
    listeners: listeners.list,
    items: items.list,
    listener: listeners.at,
    item: items.at,
    liking: Float32Array.from(likings, ({ liking }) => liking),
    weight: Float32Array.from(likings, ({ weight }) => weight),
  };
}

export function rowsOf({ listeners, items, listener, item, liking, weight }: LikingColumns): Liking[] {
  return Array.from(listener, (l, i) => ({
    listener: listeners[l]!,
    item: items[item[i]!]!,
    liking: liking[i]!,
    weight: weight[i]!,
  }));
}
