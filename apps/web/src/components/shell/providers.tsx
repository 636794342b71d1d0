'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { useState, type ReactNode } from 'react';
import { FeedbackProvider } from '@/features/feedback/feedback-provider.tsx';
import { PlayerProvider } from '@/features/player/player-provider.tsx';
import { RatingProvider } from '@/features/rating/rating-provider.tsx';
import { PlayerKeys } from '@/features/shortcuts/player-keys.tsx';
import { ShortcutsProvider } from '@/features/shortcuts/shortcuts-provider.tsx';
import { createClient } from '@/trpc/client.ts';
import { TRPCProvider } from '@/trpc/context.ts';
import { createQueryClient } from '@/trpc/query-client.ts';

/** Everything that outlives a page. */
export function Providers({ children }: { children: ReactNode }): ReactNode {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createClient);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      <QueryClientProvider client={queryClient}>
        <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
          <FeedbackProvider>
            <PlayerProvider>
              <RatingProvider>
                <ShortcutsProvider>
                  <PlayerKeys>{children}</PlayerKeys>
                </ShortcutsProvider>
              </RatingProvider>
            </PlayerProvider>
          </FeedbackProvider>
        </TRPCProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
