import type { LabelTree } from '@attune/classify';
import { placeLabel, STYLE_TREE } from '@attune/classify';
import { isStyle, STYLES } from '@attune/core/style';
import type { AddedLabel, RemovedLabel } from '../../api/labelling.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Repositories } from '../repositories/types.ts';
import type { AddedLabelRecord } from '../repositories/trainings.ts';
import { assertAdmin } from './access.ts';

type Needs = Pick<Repositories, 'trainings' | 'tracks'> & { readonly now: () => Date };

const MOST_LABELS = 12;

/** What an added label can stand below: the styles and their groups, by name. */
export const LABEL_PARENTS: readonly string[] = [
  ...new Set([...Object.keys(STYLE_TREE.parents), ...Object.values(STYLE_TREE.parents)]),
].sort();

/** The styles under their groups, with the added labels in their places. */
export function labelTree(added: readonly AddedLabel[]): LabelTree {
  return added.reduce(
    (tree, { name, parent }) => (parent === null ? tree : placeLabel(tree, name, parent)),
    STYLE_TREE,
  );
}

/** A label of one's own: small letters, digits and hyphens, so that it can be a name anywhere. */
export async function addLabel(
  deps: Needs,
  actor: Actor,
  { name, parent = null }: { name: string; parent?: string | null },
): Promise<{ label: string }> {
  assertAdmin(actor);
  const label = nameFrom(name);
  checkParent(parent);
  const known = await deps.trainings.labels();
  checkFree(label, known);
  if (known.length >= MOST_LABELS)
    throw new DomainError('label/limit', `At most ${MOST_LABELS} labels can be added.`);
  if (!(await deps.trainings.addLabel({ name: label, parent, createdAt: deps.now() }))) throw taken(label);
  return { label };
}

/**
 * Another name or place for an added label. Tracks that people gave it follow at once; models that were trained with it go
 * on saying the old name until they are trained again.
 */
export async function changeLabel(
  deps: Needs,
  actor: Actor,
  { name, to, parent }: { name: string; to: string; parent: string | null },
): Promise<AddedLabel> {
  assertAdmin(actor);
  const known = await deps.trainings.labels();
  const before = findLabel(known, name);
  checkParent(parent);
  const label = nameFrom(to);
  if (label === name) {
    await deps.trainings.placeLabel(name, parent);
    return { name, parent };
  }
  checkFree(label, known);
  // The new one first and the old one last: what is interrupted leaves no track with a label that there is not.
  if (!(await deps.trainings.addLabel({ name: label, parent, createdAt: before.createdAt })))
    throw taken(label);
  for (const trackId of await deps.trainings.labelledAs(name))
    await deps.tracks.correct(trackId, label, actor.id, deps.now());
  await deps.trainings.removeLabel(name);
  return { name: label, parent };
}

/**
 * Takes an added label away. Tracks that people gave it get the style right above it, where it stands below one; else they
 * are shown as the model says, and nobody has labelled them.
 */
export async function removeLabel(
  deps: Needs,
  actor: Actor,
  { name }: { name: string },
): Promise<RemovedLabel> {
  assertAdmin(actor);
  const { parent } = findLabel(await deps.trainings.labels(), name);
  const replacement = parent !== null && isStyle(parent) ? parent : null;
  const trackIds = await deps.trainings.labelledAs(name);
  for (const trackId of trackIds)
    await deps.tracks.correct(trackId, replacement ?? undefined, actor.id, deps.now());
  await deps.trainings.removeLabel(name);
  return { name, parent, trackIds, replacement };
}

/** Takes a removal back: tracks that nobody labelled otherwise since then have the label again. */
export async function restoreLabel(
  deps: Needs,
  actor: Actor,
  { name, parent, trackIds, replacement }: RemovedLabel,
): Promise<{ label: string }> {
  const added = await addLabel(deps, actor, { name, parent });
  for (const trackId of trackIds) {
    if (!(await deps.tracks.find(trackId))) continue;
    if (((await deps.tracks.correctionOf(trackId)) ?? null) !== replacement) continue;
    await deps.tracks.correct(trackId, added.label, actor.id, deps.now());
  }
  return added;
}

function nameFrom(text: string): string {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(name)) return name;
  throw new DomainError(
    'input/invalid',
    'A label has 3 to 40 letters a to z, digits and hyphens, and begins with a letter.',
  );
}

function checkParent(parent: string | null): void {
  if (parent !== null && !LABEL_PARENTS.includes(parent))
    throw new DomainError('label/unknown', `There is no style or group of styles called ${parent}.`);
}

function checkFree(name: string, known: readonly AddedLabel[]): void {
  if ([...STYLES, ...known.map((label) => label.name), ...LABEL_PARENTS, 'unsure'].includes(name))
    throw taken(name);
}

function findLabel(known: readonly AddedLabelRecord[], name: string): AddedLabelRecord {
  const label = known.find((own) => own.name === name);
  if (!label) throw new DomainError('label/unknown', `There is no added label called ${name}.`);
  return label;
}

function taken(name: string): DomainError {
  return new DomainError('label/exists', `There is a label ${name} already.`);
}
