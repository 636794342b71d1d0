import type { ClassificationRecord, Repositories } from '../repositories/types.ts';

/**
 * What is shown with tracks, and what the models in use say beside it: of notes, and of sound where it heard them. Versions
 * that were replaced, or that wait to be put in use, have no say.
 */
export async function saidInUse(
  { tracks, modelVersions }: Pick<Repositories, 'tracks' | 'modelVersions'>,
  trackIds: readonly string[],
): Promise<ClassificationRecord[]> {
  const [all, versions] = await Promise.all([tracks.classificationsOf(trackIds), modelVersions.list()]);
  const inUse = new Set(versions.filter(({ active }) => active).map(({ version }) => version));
  return all
    .filter(({ model, current }) => current || inUse.has(model))
    .sort((a, b) => Number(b.current) - Number(a.current));
}
