import type { ClassifierKind } from '@/api/labelling.ts';
import { strings } from '@/strings/index.ts';

const KINDS: readonly ClassifierKind[] = ['style-symbolic', 'style-audio'];

/** A version of a classifier for people: "Model of notes, style-symbolic-2.1". What has another name stays as it is. */
export function modelWords(version: string): string {
  const kind = KINDS.find((name) => version.startsWith(`${name}-`));
  return kind === undefined ? version : strings.modelOf(strings.admin.training.kinds[kind], version);
}
