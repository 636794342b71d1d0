import type { LikeSearch } from '@/api/search.ts';

/** Pause before looking into more. */
export const AGAIN_MS = 500;

/** What asking needs: a question that may be asked again, whoever hears the answers, and an end to it. */
export interface Asking {
  readonly ask: (signal: AbortSignal) => Promise<LikeSearch>;
  /** Told of every answer: the best of what was looked into so far. */
  readonly onAnswer: (answer: LikeSearch) => void;
  readonly signal: AbortSignal;
  readonly pauseMs?: number;
}

/** Asks again while there is more to look into, until the last answer or the signal. @throws what `ask` throws. */
export async function askOn({ ask, onAnswer, signal, pauseMs = AGAIN_MS }: Asking): Promise<void> {
  while (!signal.aborted) {
    const answer = await ask(signal);
    if (signal.aborted) return;
    onAnswer(answer);
    if (!answer.isMore) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
