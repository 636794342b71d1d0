import { BANK_CACHE, WHOLE_BANK } from '@/features/player/instrument-banks.ts';
import { strings } from '@/strings/index.ts';

const MODEL_CACHE = 'attune-composer';
/** Sizes for the notice before they are known, in bytes. */
export const ROUGH_BYTES = 22_000_000;

export interface ModelFiles {
  readonly config: ArrayBuffer;
  readonly weights: ArrayBuffer;
}

export type OnBytes = (done: number, all: number) => void;

/**
 * The composer's files and the bank of sounds, from the browser's cache where they are there. `version` names the
 * model; files of other versions are let go. Rejects with one sentence where something cannot be fetched.
 */
export async function loadModelFiles(
  version: string,
  onBytes: OnBytes,
  signal: AbortSignal,
): Promise<ModelFiles> {
  const models = await caches.open(MODEL_CACHE);
  const urlOf = (file: string): string => `/api/composer/${file}?v=${encodeURIComponent(version)}`;
  const urls = [urlOf('config.json'), urlOf('weights.safetensors')] as const;
  for (const { url } of await models.keys()) {
    if (!urls.some((known) => url.endsWith(known))) await models.delete(url);
  }
  const counts = new Map<string, { done: number; all: number }>();
  const count =
    (url: string): OnBytes =>
    (done, all) => {
      counts.set(url, { done, all });
      const sum = (part: 'done' | 'all'): number =>
        [...counts.values()].reduce((total, file) => total + file[part], 0);
      onBytes(sum('done'), Math.max(ROUGH_BYTES, sum('all')));
    };
  const [config, weights] = await Promise.all(urls.map((url) => fetchOnce(models, url, count(url), signal)));
  await fetchOnce(await caches.open(BANK_CACHE), WHOLE_BANK, count(WHOLE_BANK), signal);
  return { config: config!, weights: weights! };
}

/** Throws everything away: the next load fetches anew. */
export async function forgetModelFiles(): Promise<void> {
  await caches.delete(MODEL_CACHE);
}

async function fetchOnce(
  cache: Cache,
  url: string,
  onBytes: OnBytes,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const kept = await cache.match(url);
  if (kept) return kept.arrayBuffer();
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return null;
  });
  if (!response?.ok || !response.body) throw new Error(strings.device.failed.notLoaded);
  const all = Number(response.headers.get('content-length') ?? 0);
  const bytes = await readAll(response.body, (done) => onBytes(done, all));
  // A full disk is no reason not to compose: it will be fetched again.
  await cache.put(url, new Response(bytes)).catch(() => undefined);
  return bytes;
}

async function readAll(
  body: ReadableStream<Uint8Array>,
  onBytes: (done: number) => void,
): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value as Uint8Array<ArrayBuffer>);
    onBytes((done += part.value.length));
  }
  return new Blob(chunks).arrayBuffer();
}
