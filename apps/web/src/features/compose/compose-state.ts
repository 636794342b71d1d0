import type { ComposeEvent } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

/** Where a composing job stands, as the page shows it. */
export type ComposeState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'working'; readonly event: ComposeEvent | null }
  | { readonly phase: 'done'; readonly event: ComposeEvent; readonly trackId: string }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'failed'; readonly message: string };

interface Known {
  /** The server was asked, or is being asked. */
  readonly asked: boolean;
  readonly event: ComposeEvent | null;
  /** Asking, watching or cancelling failed. */
  readonly failure: string | null;
}

export function composeState({ asked, event, failure }: Known): ComposeState {
  if (event?.status === 'done' && event.trackId) return { phase: 'done', event, trackId: event.trackId };
  if (event?.status === 'cancelled') return { phase: 'cancelled' };
  if (event?.status === 'failed') return { phase: 'failed', message: event.error ?? strings.compose.failed };
  if (failure) return { phase: 'failed', message: failure };
  return asked ? { phase: 'working', event } : { phase: 'idle' };
}

/** How much is done, 0 … 1; null while nothing is known. */
export function composeShare(event: ComposeEvent | null): number | null {
  if (!event || event.total <= 0) return null;
  return Math.min(1, Math.max(0, event.done / event.total));
}

/** One line of progress: stage, try, bars, seed. */
export function composeWords(event: ComposeEvent | null, bars: number): string {
  if (!event) return strings.compose.starting;
  if (event.status === 'queued') return strings.compose.queued;
  const parts = [event.stage];
  if (event.candidate !== undefined) parts.push(strings.compose.candidate(event.candidate));
  if (event.bars !== undefined) parts.push(strings.compose.written(event.bars, Math.max(bars, event.bars)));
  if (event.seed !== undefined) parts.push(strings.compose.seed(event.seed));
  return parts.join(' · ');
}
