import { readCheckpoint, writeCheckpoint, type JsonObject } from '@attune/core/nn';
import { readCheckpointFolder, writeCheckpointFolder } from '@attune/core/node';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseTransformerConfig, TRANSFORMER_KIND } from '../config.ts';

/** `attune-generate export`: the weights of a run in half precision, with its configuration and model card. */
export function exportCommand(options: {
  readonly from: string;
  readonly out: string;
  readonly modelCard?: string;
}): void {
  const { config, parameters } = readCheckpoint(readCheckpointFolder(options.from), {
    kind: TRANSFORMER_KIND,
  });
  const cardPath = options.modelCard ?? path.join(options.out, 'MODEL_CARD.md');
  writeCheckpointFolder(
    options.out,
    writeCheckpoint(
      {
        kind: TRANSFORMER_KIND,
        config: parseTransformerConfig(config) as unknown as JsonObject,
        parameters,
        ...(existsSync(cardPath) && { modelCard: readFileSync(cardPath, 'utf8') }),
      },
      { half: true },
    ),
  );
}
