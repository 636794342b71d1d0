'use client';
import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { commandOf, focusedOf, type Command, type Focused } from './keymap.ts';

const STORAGE_KEY = 'attune.shortcuts';

/** Handles a press, or says false and lets an earlier handler have it. */
export type KeyHandler = (press: { command: Command | null; key: string; focused: Focused }) => boolean;

interface Shortcuts {
  readonly enabled: boolean;
  readonly setEnabled: (enabled: boolean) => void;
  /** Asked from the last to the first. */
  readonly handlers: KeyHandler[];
}

const ShortcutsContext = createContext<Shortcuts | null>(null);

/** Listens to the keyboard once; the page mounted last is asked first. Can be switched off (WCAG 2.1.4). */
export function ShortcutsProvider({ children }: { children: ReactNode }): ReactNode {
  const [handlers] = useState<KeyHandler[]>(() => []);
  const [enabled, setEnabled] = useState(true);

  // eslint-disable-next-line react-hooks/set-state-in-effect -- storage can only be read in the browser
  useEffect(() => setEnabled(localStorage.getItem(STORAGE_KEY) !== 'off'), []);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat || !(event.target instanceof HTMLElement)) return;
      if (document.querySelector('dialog[open]')) return;
      const focused = focusedOf({
        tagName: event.target.tagName,
        type: event.target.getAttribute('type') ?? '',
        role: event.target.getAttribute('role'),
        editable: event.target.isContentEditable,
      });
      const command = commandOf(event, focused);
      if (!enabled && command !== 'toggle') return;
      for (const handler of [...handlers].reverse()) {
        if (!handler({ command, key: event.key, focused })) continue;
        event.preventDefault();
        return;
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [enabled, handlers]);

  const value = useMemo(
    () => ({
      enabled,
      setEnabled: (next: boolean) => {
        localStorage.setItem(STORAGE_KEY, next ? 'on' : 'off');
        setEnabled(next);
      },
      handlers,
    }),
    [enabled, handlers],
  );
  return <ShortcutsContext value={value}>{children}</ShortcutsContext>;
}

export function useShortcuts(): Shortcuts {
  const shortcuts = use(ShortcutsContext);
  if (!shortcuts) throw new Error('useShortcuts needs a ShortcutsProvider above it.');
  return shortcuts;
}

/**
 * Registers a handler for as long as the component is mounted; it may change on every render. A fallback is asked
 * after every handler that is not one.
 */
export function useKeys(handler: KeyHandler, { fallback = false } = {}): void {
  const { handlers } = useShortcuts();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const stable: KeyHandler = (press) => latest.current(press);
    if (fallback) handlers.unshift(stable);
    else handlers.push(stable);
    return () => {
      handlers.splice(handlers.indexOf(stable), 1);
    };
  }, [handlers, fallback]);
}
