import { AttuneError } from '@attune/core';
import type { ZodType } from 'zod';

/** A checkpoint's configuration. Throws `checkpoint/malformed` naming the first field that does not fit. */
export function readConfig<T>(schema: ZodType<T>, value: unknown): T {
  return read(schema, value, 'checkpoint/malformed', 'The configuration of the model is wrong');
}

/** A training plan: the defaults with some fields changed. Throws `argument/invalid` naming the first that does not fit. */
export function readPlan<T>(schema: ZodType<T>, value: unknown): T {
  return read(schema, value, 'argument/invalid', 'The plan is wrong');
}

function read<T>(
  schema: ZodType<T>,
  value: unknown,
  code: 'checkpoint/malformed' | 'argument/invalid',
  said: string,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path.join('.');
  throw new AttuneError(code, `${said} at ${field || 'its top'}: ${issue.message}.`, { field });
}
