'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore, type ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
type Theme = keyof typeof NEXT;

const never = (): (() => void) => () => undefined;

/** Goes round: system, light, dark. What the listener chose is known in the browser only. */
export function ThemeToggle(): ReactNode {
  const { theme, setTheme } = useTheme();
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const current: Theme = mounted && theme && theme in NEXT ? (theme as Theme) : 'system';
  const Icon = ICONS[current];
  return (
    <IconButton label={strings.nav.theme[current]} onClick={() => setTheme(NEXT[current])}>
      <Icon size={20} aria-hidden />
    </IconButton>
  );
}
