import { METRICS_FILE, readCheckpoint, writeCheckpoint, type JsonObject } from '@attune/core/nn';
import { readCheckpointFolder, writeCheckpointFolder } from '@attune/core/node';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseTransformerConfig, TRANSFORMER_KIND, type SamplingDefaults } from '../config.ts';

export interface ExportOptions {
  /** Checkpoint folder of a run: the run's metrics.jsonl beside it goes along. */
  readonly from: string;
  readonly out: string;
  /** Default: the card that lies in `out`. */
  readonly modelCard?: string;
}

/**
 * How new models draw their notes, chosen on validation wishes (docs/measurements/composing.md). Guidance 2 makes composed
 * pieces keep their wishes better for half as much time again; so steering need hold to the scale less strictly, and
 * pieces leave it about as often as real ones do.
 */
const SAMPLING: SamplingDefaults = { guidance: 2, steering: { key: 0.05, wrongKey: 0.6 } };

/** `attune-generate export`: the weights of a run in half precision, with configuration, metrics and model card. */
export function exportCommand(options: ExportOptions): void {
  const { config, parameters } = readCheckpoint(readCheckpointFolder(options.from), {
    kind: TRANSFORMER_KIND,
  });
  const cardPath = options.modelCard ?? path.join(options.out, 'MODEL_CARD.md');
  const metricsPath = path.join(options.from, '..', METRICS_FILE);
  const metrics = existsSync(metricsPath) ? readLines(metricsPath) : undefined;
  writeCheckpointFolder(
    options.out,
    writeCheckpoint(
      {
        kind: TRANSFORMER_KIND,
        config: { sampling: SAMPLING, ...parseTransformerConfig(config) } as unknown as JsonObject,
        parameters,
        ...(metrics && { metrics }),
        ...(existsSync(cardPath) && { modelCard: readFileSync(cardPath, 'utf8') }),
      },
      { half: true },
    ),
  );
}

function readLines(file: string): JsonObject[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);
}
