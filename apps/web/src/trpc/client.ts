import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import superjson from 'superjson';
import { fetchWithSession } from '@/features/session/session.ts';
import type { AppRouter } from '@/server/routers/app.ts';

const URL = '/api/trpc';

/** Queries and mutations in batches, subscriptions over server-sent events that resume where they broke off. */
export function createClient(): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: URL, transformer: superjson }),
        false: httpBatchLink({
          url: URL,
          transformer: superjson,
          maxURLLength: 4000,
          fetch: fetchWithSession,
        }),
      }),
    ],
  });
}
