import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Nav } from '@/components/shell/nav.tsx';
import { OfflineNote } from '@/components/shell/offline-note.tsx';
import { Providers } from '@/components/shell/providers.tsx';
import { PlayerBar } from '@/features/player/player-bar.tsx';
import { strings } from '@/strings/index.ts';
import '@/styles/globals.css';

export const metadata: Metadata = {
  title: { default: strings.app.name, template: `%s · ${strings.app.name}` },
  description: strings.app.description,
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfbf9' },
    { media: '(prefers-color-scheme: dark)', color: '#131518' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }): ReactNode {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-accent px-4 py-3 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          {strings.nav.skip}
        </a>
        <Providers>
          <Nav />
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto max-w-[1120px] px-4 pt-4 pb-[calc(var(--player-height)+var(--nav-height)+32px)] outline-none md:ml-[208px] md:px-8 md:pt-8 min-[1328px]:mx-auto min-[1328px]:pl-[calc(208px+32px)] min-[1328px]:max-w-[1328px]"
          >
            <OfflineNote />
            {children}
          </main>
          <PlayerBar />
        </Providers>
      </body>
    </html>
  );
}
