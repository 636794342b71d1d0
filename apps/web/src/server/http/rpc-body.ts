import { DomainError } from '../errors.ts';
import { readBody } from './read-body.ts';

/** What one call, or several that a page sends together, may have at most. */
const MOST_BYTES = 1_000_000;
/** Calls in one request: pages send a handful. */
export const MOST_CALLS = 50;

/** The request with a body that is known to be small, read no further than that whatever its header says. */
export async function withSmallBody(request: Request): Promise<Request> {
  if (request.method !== 'POST') return request;
  const refusal = new DomainError(
    'input/too-large',
    `A request may have at most ${MOST_BYTES / 1_000_000} MB; send fewer things at once.`,
  );
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MOST_BYTES) throw refusal;
  const body = await readBody(request.body, MOST_BYTES, refusal);
  return new Request(request.url, {
    method: 'POST',
    headers: request.headers,
    body: body as Uint8Array<ArrayBuffer>,
    signal: request.signal,
  });
}
