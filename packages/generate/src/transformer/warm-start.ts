import type { NamedArray } from '@attune/core/nn';
import { STYLES } from '@attune/core/style';
import type { Ability, ConditionSpace, TransformerConfig, TransformerShape } from './config.ts';
import { createInputLayout } from './input-layout.ts';

/** Where a run goes on from: its condition space with all styles, and the parameters that fit the new table. */
export interface WarmStart {
  readonly conditions: ConditionSpace;
  readonly shape: TransformerShape;
  readonly parameters: ReadonlyMap<string, NamedArray>;
}

/**
 * Carries a trained model over to a table with more rows (new styles, new abilities): a row goes where its name is
 * now, a row of a name that is new begins at zero, every other parameter stays as it is. The model so begun says
 * of plain music just what the old one said. Bins stay those of the old model, so that they mean the same.
 */
export function warmStart(
  from: TransformerConfig,
  parameters: ReadonlyMap<string, NamedArray>,
  abilities: readonly Ability[],
): WarmStart {
  const old = createInputLayout(from.conditions, from.abilities);
  const styles = [...new Set([...from.conditions.styles, ...STYLES])];
  const conditions = { ...from.conditions, styles };
  const layout = createInputLayout(conditions, abilities);
  const { width } = from.shape;
  const embed = parameters.get('embed')!;
  const at = new Map(layout.names.map((name, row) => [name, row]));
  const data = new Float32Array(layout.rows * width);
  old.names.forEach((name, row) => {
    const to = at.get(name);
    if (to === undefined) return; // an ability that the new model is not to have
    for (let d = 0; d < width; d++) data[to * width + d] = embed.data[row * width + d]!;
  });
  return {
    conditions,
    shape: { ...from.shape, inputRows: layout.rows },
    parameters: new Map([...parameters, ['embed', { shape: [layout.rows, width], data }]]),
  };
}
