'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { usePlayer } from '@/features/player/player-provider.tsx';
import { useRating } from '@/features/rating/rating-provider.tsx';
import { authClient } from '@/features/session/auth-client.ts';
import { forgetSession } from '@/features/session/session.ts';
import { strings } from '@/strings/index.ts';

export interface Credentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

interface AuthError {
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly message?: string | undefined;
}

/** Signing up, in and out. Each resolves to an error in words, or to null. */
export function useAccount() {
  const refresh = useRefresh();

  const signUp = useCallback(
    async ({ name, email, password }: Credentials): Promise<string | null> => {
      const { error } = await authClient.signUp.email({ name: name.trim(), email: email.trim(), password });
      if (!error) await refresh();
      return error ? authWords(error) : null;
    },
    [refresh],
  );
  const signIn = useCallback(
    async ({ email, password }: Credentials): Promise<string | null> => {
      const { error } = await authClient.signIn.email({ email: email.trim(), password });
      if (!error) await refresh();
      return error ? authWords(error) : null;
    },
    [refresh],
  );
  const signOut = useCallback(async (): Promise<string | null> => {
    const { error } = await authClient.signOut();
    if (!error) await refresh();
    return error ? authWords(error) : null;
  }, [refresh]);

  return { signUp, signIn, signOut, refresh };
}

/** Everything on the page belonged to somebody else: ask for the session and all data anew. */
function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  const player = usePlayer();
  const { store } = useRating();
  return useCallback(async () => {
    forgetSession();
    player.clear();
    store.clear();
    await queries.resetQueries();
  }, [queries, player, store]);
}

function authWords({ code, status, message }: AuthError): string {
  const { errors } = strings.account;
  if (code?.startsWith('USER_ALREADY_EXISTS')) return errors.taken;
  if (code === 'INVALID_EMAIL_OR_PASSWORD') return errors.wrong;
  if (code === 'PASSWORD_TOO_SHORT') return errors.short;
  if (code === 'INVALID_EMAIL') return errors.email;
  if (status === 429) return errors.busy;
  return message ?? strings.common.failed;
}
