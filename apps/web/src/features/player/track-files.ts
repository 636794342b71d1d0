import { strings } from '@/strings/index.ts';

/** What the synthesiser needs for one track: the song, and a bank trimmed to it. */
export interface ScoreFiles {
  readonly midi: ArrayBuffer;
  readonly soundFont: ArrayBuffer;
}

/** Tracks whose files are kept; about 0.5 MB each. */
const KEPT = 6;
const cache = new Map<string, Promise<ScoreFiles>>();

/** Fetches a track's files once; the oldest are let go. A failed fetch is not kept. */
export function loadScoreFiles(trackId: string): Promise<ScoreFiles> {
  const known = cache.get(trackId);
  if (known) return known;
  const files = Promise.all([
    fetchBytes(`/api/tracks/${trackId}/midi`),
    fetchBytes(`/api/tracks/${trackId}/soundfont`),
  ]).then(([midi, soundFont]) => ({ midi, soundFont }));
  cache.set(trackId, files);
  files.catch(() => cache.delete(trackId));
  for (const oldest of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(oldest);
  }
  return files;
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url).catch(() => null);
  if (!response) throw new Error(strings.player.errors.offline);
  if (!response.ok) throw new Error(strings.player.errors.notFound);
  return response.arrayBuffer();
}
