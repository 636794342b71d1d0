import { AttuneError } from '@attune/core';
import { readCheckpoint, type FileMap, type Tensor, type TensorFlow } from '@attune/core/nn';
import { parseTransformerConfig, TRANSFORMER_KIND, type TransformerConfig } from './config.ts';
import { createInputLayout, type InputLayout } from './input-layout.ts';
import type { Parameters } from './model.ts';
import { parameterShapes } from './parameter-shapes.ts';

/** The network of a checkpoint as tensors, to run on whole windows. */
export interface Network {
  readonly config: TransformerConfig;
  readonly layout: InputLayout;
  readonly parameters: Parameters;
  dispose(): void;
}

/** Throws as `readCheckpoint` does, and `checkpoint/mismatch` for a parameter that is missing or of another shape. */
export function readNetwork(tf: TensorFlow, files: FileMap): Network {
  const checkpoint = readCheckpoint(files, { kind: TRANSFORMER_KIND });
  const config = parseTransformerConfig(checkpoint.config);
  const parameters = new Map<string, Tensor>(
    [...parameterShapes(config.shape)].map(([name, size]) => {
      const found = checkpoint.parameters.get(name);
      if (found?.shape.join() !== size.join()) {
        throw new AttuneError('checkpoint/mismatch', `Parameter ${name} is missing or of another shape.`, {
          parameter: name,
        });
      }
      return [name, tf.tensor(Float32Array.from(found.data), [...size], 'float32')];
    }),
  );
  return {
    config,
    layout: createInputLayout(config.conditions, config.abilities),
    parameters,
    dispose() {
      for (const tensor of parameters.values()) tensor.dispose();
    },
  };
}
