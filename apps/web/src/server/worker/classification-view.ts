import type { Classification } from '@attune/classify';
import type { ClassificationView } from '../../api/types.ts';

/** What a model said, as it is stored and shown. */
export function viewOf({
  model,
  label,
  unsure,
  confidence,
  probabilities,
}: Classification): ClassificationView {
  return {
    model,
    label,
    ...(unsure && { unsure }),
    confidence,
    probabilities: probabilities.map(({ label, probability }) => ({ label, probability })),
  };
}
