import type { ComposeEvent } from '../../api/types.ts';

export interface Posted {
  /** Grows with every event of the process. */
  readonly id: string;
  readonly event: ComposeEvent;
}

/**
 * The newest event of each job, and those who wait for the next. Events are whole pictures, not differences, so a
 * slow reader may miss some and is none the worse.
 */
export interface Board {
  readonly post: (event: ComposeEvent) => void;
  readonly latest: (jobId: string) => ComposeEvent | undefined;
  watch(
    jobId: string,
    after: string | undefined,
    stored: () => Promise<ComposeEvent | undefined>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<Posted>;
}

const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);
/** Ended jobs are asked for again only by pages that lost their connection; their rows tell the rest. */
const KEPT = 200;
/** Looks at the row from time to time, should it be changed by another process. */
const LOOK_MS = 5_000;

export function createBoard(): Board {
  const newest = new Map<string, Posted>();
  const readers = new Map<string, Set<() => void>>();
  let count = 0;

  const post = (event: ComposeEvent): void => {
    newest.delete(event.jobId);
    newest.set(event.jobId, { id: String(++count), event });
    if (newest.size > KEPT) newest.delete(newest.keys().next().value!);
    for (const wake of readers.get(event.jobId) ?? []) wake();
  };

  const wait = (jobId: string, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const waiting = readers.get(jobId) ?? new Set();
      readers.set(jobId, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0 && readers.get(jobId) === waiting) readers.delete(jobId);
        resolve();
      };
      const timer = setTimeout(wake, LOOK_MS);
      signal?.addEventListener('abort', wake, { once: true });
      waiting.add(wake);
    });

  async function* watch(
    jobId: string,
    after: string | undefined,
    stored: () => Promise<ComposeEvent | undefined>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Posted> {
    let seen = after;
    let told = '';
    while (!signal?.aborted) {
      const news = newest.get(jobId);
      if (news && news.id !== seen) {
        seen = news.id;
        yield news;
        if (ENDED.has(news.event.status)) return;
      } else if (!news) {
        const event = await stored();
        if (!event) return;
        const text = JSON.stringify(event);
        if (text !== told) yield { id: seen ?? '0', event };
        told = text;
        if (ENDED.has(event.status)) return;
      } else if (ENDED.has(news.event.status)) {
        return;
      }
      if (!signal?.aborted && (newest.get(jobId)?.id ?? seen) === seen) await wait(jobId, signal);
    }
  }

  return { post, latest: (jobId) => newest.get(jobId)?.event, watch };
}
