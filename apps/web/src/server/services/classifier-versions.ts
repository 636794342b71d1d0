import type { ClassifierKind, ModelVersionView } from '../../api/labelling.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { SHIPPED_VERSION } from '../jobs/trainer.ts';
import type { ModelRow } from '../repositories/model-versions.ts';
import { MODALITY_OF } from '../repositories/model-versions.ts';
import type { Repositories } from '../repositories/types.ts';
import { assertAdmin } from './access.ts';
import type { LabellingDeps } from './labelling.ts';
import { hearNewPieces } from './labelling.ts';

export async function listVersions(
  { modelVersions }: Pick<Repositories, 'modelVersions'>,
  actor: Actor,
): Promise<ModelVersionView[]> {
  assertAdmin(actor);
  return (await modelVersions.list()).map(viewOfVersion);
}

type AdoptNeeds = Pick<Repositories, 'modelVersions' | 'trainings'> &
  LabellingDeps & { readonly now: () => Date; readonly newId: () => string };

/** Puts a version in use, after it was read: a damaged one is refused and nothing changes. */
export async function adoptVersion(
  deps: AdoptNeeds,
  actor: Actor,
  { id }: { id: string },
): Promise<ModelVersionView> {
  assertAdmin(actor);
  return adopt(deps, await findVersion(deps, id), false);
}

/** Back to the version that the one in use replaced. */
export async function rollBack(
  deps: AdoptNeeds,
  actor: Actor,
  { kind }: { kind: ClassifierKind },
): Promise<ModelVersionView> {
  assertAdmin(actor);
  const active = await deps.modelVersions.active(kind);
  if (active?.replacedId == null)
    throw new DomainError('model/unknown', 'There is no earlier version to go back to.');
  return adopt(deps, await findVersion(deps, active.replacedId), true);
}

async function findVersion(
  { modelVersions }: Pick<Repositories, 'modelVersions'>,
  id: string,
): Promise<ModelRow & { readonly kind: ClassifierKind }> {
  const row = await modelVersions.find(id);
  if (!row || !isClassifier(row.kind))
    throw new DomainError('model/unknown', 'There is no such version of a classifier.');
  return { ...row, kind: row.kind };
}

async function adopt(
  deps: AdoptNeeds,
  row: ModelRow & { readonly kind: ClassifierKind },
  back: boolean,
): Promise<ModelVersionView> {
  if (row.folder !== null) {
    const { sha256 } = row.info;
    await deps.finder.run('checkClassifier', {
      folder: deps.modelFiles.resolve(row.folder),
      kind: MODALITY_OF[row.kind],
      sha256: typeof sha256 === 'string' ? sha256 : null,
    });
  } else if (!row.available) {
    throw new DomainError('model/missing', `The version ${row.version} is not installed.`);
  }
  await deps.modelVersions.adopt(row.id, row.kind, { back });
  await deps.classifiersInUse.refresh();
  await hearNewPieces(deps);
  return viewOfVersion(await findVersion(deps, row.id));
}

/** Checkpoints that were trained here, looked at when the server starts: a damaged one is marked, and what ships stands in. */
export async function checkVersions({
  modelVersions,
  modelFiles,
  classifiersInUse,
  finder,
  now,
}: Pick<AdoptNeeds, 'modelVersions' | 'modelFiles' | 'classifiersInUse' | 'finder' | 'now'>): Promise<void> {
  for (const [kind, version] of Object.entries(SHIPPED_VERSION) as [ClassifierKind, string][]) {
    const id = `${kind}/${version}`;
    await modelVersions.ensureActive(id);
    // A newer Attune ships another version: it takes the place of the one that shipped before, not of a trained one.
    const active = await modelVersions.active(kind);
    if (active?.folder === null && active.id !== id) await modelVersions.adopt(id, kind);
  }
  for (const row of await modelVersions.list()) {
    if (row.folder === null || !isClassifier(row.kind)) continue;
    const { sha256 } = row.info;
    const input = {
      folder: modelFiles.resolve(row.folder),
      kind: MODALITY_OF[row.kind],
      sha256: typeof sha256 === 'string' ? sha256 : null,
    };
    const fault = await finder.run('checkClassifier', input).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const { reason: _, ...info } = row.info;
    if (fault === null && row.available) continue;
    if (fault !== null) console.warn(`The trained model ${row.version} cannot be used: ${fault}`);
    await modelVersions.put(
      { ...row, available: fault === null, info: fault === null ? info : { ...info, reason: fault } },
      now(),
    );
  }
  await classifiersInUse.refresh();
}

function isClassifier(kind: string): kind is ClassifierKind {
  return Object.hasOwn(SHIPPED_VERSION, kind);
}

function viewOfVersion({ folder, since, ...row }: ModelRow): ModelVersionView {
  return { ...row, trained: folder !== null, since: since.toISOString() };
}
