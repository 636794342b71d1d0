import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** The only reader of process.env. Everything has a default that works on a laptop. */
const schema = z.object({
  /** A PostgreSQL address; without one the database is embedded and lies in the data folder. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'DATABASE_URL starts with postgresql://')
    .optional(),
  /** Folder of everything the app keeps; the default is .data at the root of the workspace. */
  ATTUNE_DATA_HOME: z.string().min(1).optional(),
  /** Folder of catalogue.json and catalogue/*.mid that fill an empty database; the default is prisma/seed. */
  ATTUNE_CATALOGUE: z.string().min(1).optional(),
  /** Address under which people reach the app, where that is not localhost. */
  ATTUNE_URL: z.url().optional(),
  /** Signs sessions; the default is drawn once and kept in the data folder. */
  ATTUNE_SECRET: z.string().min(32, 'ATTUNE_SECRET has at least 32 characters').optional(),
  /** Pieces composed for one wish, of which the best is kept. */
  ATTUNE_CANDIDATES: z.coerce.number().int().min(1).max(16).default(4),
  /** Checkpoint folder of the composer, in place of the shipped one. */
  ATTUNE_COMPOSER: z.string().min(1).optional(),
  /** Whether anything is learned from what listeners have in common: not at all, as it is, or under differential privacy. */
  ATTUNE_SHARED_TASTE: z.enum(['off', 'on', 'private']).default('on'),
  /** ε: how much all releases together may tell of any one listener. */
  ATTUNE_PRIVACY_EPSILON: z.coerce.number().positive().max(100).default(4),
  /** δ: keep it below one over the number of listeners. */
  ATTUNE_PRIVACY_DELTA: z.coerce.number().positive().max(0.01).default(1e-5),
  /** Among how many releases ε is shared out. */
  ATTUNE_PRIVACY_RELEASES: z.coerce.number().int().min(1).max(1000).default(4),
  /** Least days between two releases. */
  ATTUNE_PRIVACY_DAYS: z.coerce.number().positive().max(3650).default(30),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
});

export interface Env {
  readonly databaseUrl: string | undefined;
  readonly dataHome: string;
  readonly workspace: string;
  readonly catalogue: string;
  readonly url: string | undefined;
  readonly secret: string | undefined;
  readonly candidates: number;
  readonly composer: string | undefined;
  readonly sharedTaste: {
    readonly mode: 'off' | 'on' | 'private';
    readonly epsilon: number;
    readonly delta: number;
    readonly releases: number;
    readonly days: number;
  };
  readonly production: boolean;
}

export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = schema.safeParse(filled);
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment cannot be used. ${issues.join('; ')}.`);
  }
  const values = result.data;
  const workspace = findWorkspace(process.cwd());
  return {
    databaseUrl: values.DATABASE_URL,
    dataHome: path.resolve(
      /*turbopackIgnore: true*/ values.ATTUNE_DATA_HOME ?? path.join(workspace, '.data'),
    ),
    workspace,
    catalogue: path.resolve(
      /*turbopackIgnore: true*/ values.ATTUNE_CATALOGUE ?? path.join(workspace, 'prisma/seed'),
    ),
    url: values.ATTUNE_URL,
    secret: values.ATTUNE_SECRET,
    candidates: values.ATTUNE_CANDIDATES,
    composer: values.ATTUNE_COMPOSER && path.resolve(/*turbopackIgnore: true*/ values.ATTUNE_COMPOSER),
    sharedTaste: {
      mode: values.ATTUNE_SHARED_TASTE,
      epsilon: values.ATTUNE_PRIVACY_EPSILON,
      delta: values.ATTUNE_PRIVACY_DELTA,
      releases: values.ATTUNE_PRIVACY_RELEASES,
      days: values.ATTUNE_PRIVACY_DAYS,
    },
    production: values.NODE_ENV === 'production',
  };
}

/** The nearest folder upwards that holds nx.json; Next runs in apps/web, scripts anywhere. */
function findWorkspace(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (fs.existsSync(/*turbopackIgnore: true*/ path.join(folder, 'nx.json'))) return folder;
    if (folder === path.dirname(folder)) return from;
  }
}
