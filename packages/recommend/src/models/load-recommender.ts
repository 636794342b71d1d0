import { AttuneError } from '@attune/core';
import { readConfig, type FileMap } from '@attune/core/nn';
import { BASE_FAMILIES } from './base-families.ts';
import { hybrid } from './hybrid.ts';
import { checkpointKind, type Recommender, type RecommenderFamily } from './recommender.ts';

/** Every family of recommendation models, by `kind`. */
export const RECOMMENDER_FAMILIES: readonly RecommenderFamily[] = [...BASE_FAMILIES, hybrid];

/**
 * Reads a model of any family that `save` wrote.
 * @throws `checkpoint/malformed`, `checkpoint/mismatch` for another version or a kind that is no recommender
 */
export function loadRecommender(files: FileMap): Recommender {
  const { kind } = readConfig(files);
  const family = RECOMMENDER_FAMILIES.find((each) => checkpointKind(each.kind) === kind);
  if (family) return family.load(files);
  throw new AttuneError('checkpoint/mismatch', `This checkpoint is a ${kind}, which is no recommender.`, {
    kind,
  });
}
