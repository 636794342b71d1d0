'use client';
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { ToastView, type Toast } from './toast-view.tsx';

export interface Feedback {
  /** Says something to screen readers alone. */
  readonly announce: (text: string) => void;
  /** Shows (and says) one sentence for ten seconds, perhaps with a way to take it back. Replaces the one before. */
  readonly toast: (toast: Toast) => void;
  readonly dismiss: () => void;
}

const FeedbackContext = createContext<Feedback | null>(null);

/** One place for "what just happened": a live region and a toast that can be undone. */
export function FeedbackProvider({ children }: { children: ReactNode }): ReactNode {
  const [spoken, setSpoken] = useState('');
  const [shown, setShown] = useState<{ id: number; toast: Toast } | null>(null);
  const nextId = useRef(0);

  const toast = useCallback((value: Toast) => {
    nextId.current += 1;
    setShown({ id: nextId.current, toast: value });
  }, []);
  const dismiss = useCallback(() => setShown(null), []);
  const feedback = useMemo(() => ({ announce: setSpoken, toast, dismiss }), [toast, dismiss]);

  return (
    <FeedbackContext value={feedback}>
      {children}
      <p aria-live="polite" className="sr-only">
        {spoken}
      </p>
      <div
        role="status"
        className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--player-height)+var(--nav-height)+12px)] z-40 flex justify-center px-4 md:justify-end"
      >
        {shown ? <ToastView key={shown.id} toast={shown.toast} onGone={dismiss} /> : null}
      </div>
    </FeedbackContext>
  );
}

export function useFeedback(): Feedback {
  const feedback = use(FeedbackContext);
  if (!feedback) throw new Error('useFeedback needs a FeedbackProvider above it.');
  return feedback;
}
