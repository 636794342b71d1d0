import { AttuneError } from '@attune/core';
import {
  METRICS_FILE,
  MODEL_CARD_FILE,
  readCheckpoint,
  writeCheckpoint,
  type JsonObject,
} from '@attune/core/nn';
import { readCheckpointFolder, writeCheckpointFolder } from '@attune/core/node';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FAMILY_TOOLS } from '../family/node/family-tools.ts';
import { readMetrics } from '../family/node/read-metrics.ts';
import { parseTransformerConfig, TRANSFORMER_KIND, type SamplingDefaults } from '../transformer/config.ts';

export interface ExportOptions {
  /** Checkpoint folder of a run: metrics that lie in it, or else beside it, go along. */
  readonly from: string;
  readonly out: string;
  /** Default: the card that lies in `out`. */
  readonly modelCard?: string;
}

/**
 * How new models draw their notes, chosen on validation wishes (docs/measurements/composing.md). Guidance 2 makes composed
 * pieces keep their wishes better for half as much time again; so steering need hold to the scale less strictly, and
 * pieces leave it about as often as real ones do. Instruments are called in, and back, so that bands do not thin out.
 */
const SAMPLING: SamplingDefaults = {
  guidance: 2,
  steering: { key: 0.05, wrongKey: 0.6, missing: 2, missingMost: 8, silent: 2, silentMost: 6 },
};

/**
 * `attune-generate export`: the weights of a run of any kind of model in half precision, with configuration, metrics and
 * model card. Throws `checkpoint/mismatch` for a kind that is not known, and as reading does for one that does not fit.
 */
export async function exportCommand({ from, out, modelCard }: ExportOptions): Promise<void> {
  const { kind, config, parameters, ...rest } = readCheckpoint(readCheckpointFolder(from));
  const cardPath = modelCard ?? path.join(out, MODEL_CARD_FILE);
  const metricsPath = path.join(from, '..', METRICS_FILE);
  const metrics = rest.metrics ?? (existsSync(metricsPath) ? readMetrics(metricsPath) : undefined);
  await checkKind(kind, from);
  writeCheckpointFolder(
    out,
    writeCheckpoint(
      {
        kind,
        config:
          kind === TRANSFORMER_KIND
            ? ({ sampling: SAMPLING, ...parseTransformerConfig(config) } as unknown as JsonObject)
            : config,
        parameters,
        ...(metrics && { metrics }),
        ...(existsSync(cardPath) && { modelCard: readFileSync(cardPath, 'utf8') }),
      },
      { half: true },
    ),
  );
}

/** The composer is checked where its configuration is read; of the others the sampler is built once. */
async function checkKind(kind: string, folder: string): Promise<void> {
  if (kind === TRANSFORMER_KIND) return;
  for (const load of Object.values(FAMILY_TOOLS)) {
    const tools = await load();
    if (tools.kind !== kind) continue;
    await tools.load(folder);
    return;
  }
  throw new AttuneError('checkpoint/mismatch', `A checkpoint of the kind ${kind} is not known.`, { kind });
}
