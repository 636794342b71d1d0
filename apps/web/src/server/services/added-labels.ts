import { STYLES } from '@attune/core/style';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Repositories } from '../repositories/types.ts';
import { assertAdmin } from './access.ts';

type Needs = Pick<Repositories, 'trainings'> & { readonly now: () => Date };

const MOST_LABELS = 12;

/** A label of one's own: small letters, digits and hyphens, so that it can be a name anywhere. */
export async function addLabel(
  deps: Needs,
  actor: Actor,
  { name }: { name: string },
): Promise<{ label: string }> {
  assertAdmin(actor);
  const label = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (!/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(label)) {
    throw new DomainError(
      'input/invalid',
      'A label has 3 to 40 letters a to z, digits and hyphens, and begins with a letter.',
    );
  }
  const known = await deps.trainings.labels();
  if ([...STYLES, ...known, 'unsure'].includes(label))
    throw new DomainError('label/exists', `There is a label ${label} already.`);
  if (known.length >= MOST_LABELS)
    throw new DomainError('label/limit', `At most ${MOST_LABELS} labels can be added.`);
  if (!(await deps.trainings.addLabel(label, deps.now())))
    throw new DomainError('label/exists', `There is a label ${label} already.`);
  return { label };
}
