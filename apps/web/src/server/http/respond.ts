import type { ApiError } from '../../api/types.ts';
import { asDomainError, DomainError, statusOf } from '../errors.ts';
import { findActor } from '../auth/create-auth.ts';
import type { Actor } from '../context.ts';
import type { Runtime } from '../runtime.ts';
import { getRuntime } from '../runtime.ts';

export interface Visit {
  readonly runtime: Runtime;
  readonly viewer: Actor;
}

/** Runs a plain HTTP route for a signed-in viewer (guests too); every error becomes one JSON sentence with its status. */
export async function respond(
  request: Request,
  route: (visit: Visit) => Promise<Response>,
): Promise<Response> {
  try {
    const runtime = await getRuntime();
    const viewer = await findActor(runtime.auth, request.headers);
    if (!viewer) throw new DomainError('auth/required', 'Sign in, or continue as a guest, to do this.');
    return await route({ runtime, viewer });
  } catch (error) {
    return errorResponse(error);
  }
}

export function errorResponse(error: unknown): Response {
  const domain = asDomainError(error);
  if (domain.code === 'server/broken') console.error('A request failed.', error);
  const body: { ok: false; error: ApiError } = {
    ok: false,
    error: { code: domain.code, message: domain.message },
  };
  return Response.json(body, { status: statusOf(domain.code), headers: { 'Cache-Control': 'no-store' } });
}

/** Refuses requests that another site's page sends with this site's cookie. */
export function assertSameOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  if (origin === null) return; // not a page
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host');
  if (!URL.canParse(origin) || new URL(origin).host !== host) {
    throw new DomainError('access/denied', 'This request comes from another site.');
  }
}
