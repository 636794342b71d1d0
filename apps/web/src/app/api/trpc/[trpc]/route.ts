import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { findActor } from '../../../../server/auth/create-auth.ts';
import type { RequestContext } from '../../../../server/context.ts';
import { asDomainError } from '../../../../server/errors.ts';
import { MOST_CALLS, withSmallBody } from '../../../../server/http/rpc-body.ts';
import { assertSameOrigin, errorResponse } from '../../../../server/http/respond.ts';
import { appRouter } from '../../../../server/routers/app.ts';
import { getRuntime } from '../../../../server/runtime.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  try {
    assertSameOrigin(request);
    const { auth, deps } = await getRuntime();
    const createContext = async (): Promise<RequestContext> => ({
      deps,
      viewer: await findActor(auth, request.headers),
    });
    return await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: await withSmallBody(request),
      maxBatchSize: MOST_CALLS,
      router: appRouter,
      createContext,
      onError: ({ error, path }) => {
        if (asDomainError(error).code === 'server/broken')
          console.error(`The procedure ${path} failed.`, error);
      },
    });
  } catch (error) {
    return errorResponse(error);
  }
}

export { handle as GET, handle as POST };
