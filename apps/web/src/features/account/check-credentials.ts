import { strings } from '@/strings/index.ts';
import type { Credentials } from './use-account.ts';

export type CredentialErrors = Partial<Record<keyof Credentials, string>>;

/** better-auth's own least length. */
const SHORTEST_PASSWORD = 8;

/** What is wrong with the fields before they are sent. Signing in checks no length: old rules may have differed. */
export function checkCredentials(values: Credentials, mode: 'sign-up' | 'sign-in'): CredentialErrors {
  const { errors } = strings.account;
  return {
    ...(mode === 'sign-up' && values.name.trim() === '' ? { name: errors.name } : {}),
    ...(/^\S+@\S+\.\S+$/.test(values.email.trim()) ? {} : { email: errors.email }),
    ...(values.password.length < (mode === 'sign-up' ? SHORTEST_PASSWORD : 1)
      ? { password: errors.short }
      : {}),
  };
}
