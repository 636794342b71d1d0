import crypto from 'node:crypto';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Auth } from './create-auth.ts';

const EMAIL = 'admin@attune.example';

/** On the first start there is nobody who could administer: makes someone. Returns the sign-in, to be told once. */
export async function ensureAdmin(
  auth: Auth,
  prisma: PrismaClient,
): Promise<{ email: string; password: string } | undefined> {
  if ((await prisma.user.count({ where: { role: 'admin' } })) > 0) return undefined;
  const password = crypto.randomBytes(12).toString('base64url');
  await auth.api.createUser({ body: { email: EMAIL, password, name: 'Administrator', role: 'admin' } });
  return { email: EMAIL, password };
}
