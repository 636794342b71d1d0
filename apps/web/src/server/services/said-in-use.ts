import type { LabelTree } from '@attune/classify';
import { broadAnswer } from '@attune/classify';
import type { ClassificationView, ShownClassification } from '../../api/types.ts';
import { styleOfLabel } from '../../lib/same-label.ts';
import type { Repositories } from '../repositories/types.ts';
import { labelTree } from './added-labels.ts';

/** A classification with the track that it is of, and whether it is the one shown with the track. */
export interface SaidOfTrack extends ShownClassification {
  readonly trackId: string;
  readonly current: boolean;
}

/** So probable is a broader label that is given where the model is unsure of a finer one. */
const SURE_ENOUGH = 0.8;

/**
 * What is shown with tracks, and what the models in use say beside it: of notes, and of sound where it heard them. Versions
 * that were replaced, or that wait to be put in use, have no say. The one on show first.
 */
export async function saidInUse(
  { tracks, modelVersions, trainings }: Pick<Repositories, 'tracks' | 'modelVersions' | 'trainings'>,
  trackIds: readonly string[],
): Promise<SaidOfTrack[]> {
  const [all, versions, added] = await Promise.all([
    tracks.classificationsOf(trackIds),
    modelVersions.list(),
    trainings.labels(),
  ]);
  const inUse = new Set(versions.filter(({ active }) => active).map(({ version }) => version));
  const tree = labelTree(added);
  return all
    .filter(({ model, current }) => current || inUse.has(model))
    .sort((a, b) => Number(b.current) - Number(a.current))
    .map((record) => ({ ...record, broad: broadLabelOf(record, tree) }));
}

/** The classification alone. */
export function shownOf({ trackId: _, current: __, ...shown }: SaidOfTrack): ShownClassification {
  return shown;
}

/** The broader label of which a model is sure that is unsure of the finer ones; null where there is none. */
export function broadLabelOf(
  { label, unsure, confidence, probabilities }: ClassificationView,
  tree: LabelTree,
): ShownClassification['broad'] {
  if (label !== null) return null;
  // Where the reason was not kept: so probable a label is withheld only from music that is unlike all that was learned from.
  const reason = unsure ?? (confidence >= SURE_ENOUGH ? 'unfamiliar' : 'low-confidence');
  const styles = probabilities.map(({ label, probability }) => ({
    label: styleOfLabel(label)!,
    probability,
  }));
  const answer = broadAnswer(tree, { probabilities: styles, unsure: reason }, SURE_ENOUGH);
  return answer ? { label: answer.label, probability: answer.probability } : null;
}
