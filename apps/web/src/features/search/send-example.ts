import type { LikeSearch, SearchAnswer, SearchAspect } from '@/api/search.ts';
import { ensureSession } from '@/features/session/session.ts';
import { strings } from '@/strings/index.ts';

/** Sends a file or a recording to be searched by; it is not kept. */
export async function sendExample(
  file: Blob,
  by: SearchAspect | 'hum',
  signal: AbortSignal,
): Promise<LikeSearch> {
  await ensureSession();
  const response = await fetch(`/api/search?by=${by}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
    signal,
  });
  const answer = (await response.json().catch(() => null)) as SearchAnswer | null;
  if (!answer) throw new Error(strings.common.failed);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer;
}
