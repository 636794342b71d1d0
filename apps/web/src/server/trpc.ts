import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { DomainError, domainCodeOf, toTrpcError } from './errors.ts';
import type { RequestContext } from './context.ts';

const t = initTRPC.context<RequestContext>().create({
  transformer: superjson,
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
  errorFormatter: ({ shape, error }) => {
    const { code, httpStatus, path } = shape.data; // and no stack
    return { ...shape, data: { code, httpStatus, path, domainCode: domainCodeOf(error) } };
  },
});

export const router = t.router;

/** Every error leaves as one of the table in errors.ts. */
const withDomainErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** Open to everybody. */
export const publicProcedure = t.procedure.use(withDomainErrors);

/** Needs a session; a guest's is enough. Ownership is checked by the services. */
export const viewerProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.viewer) throw new DomainError('auth/required', 'Sign in, or continue as a guest, to do this.');
  return next({ ctx: { ...ctx, viewer: ctx.viewer } });
});

/** Needs the role admin. */
export const adminProcedure = viewerProcedure.use(({ ctx, next }) => {
  if (ctx.viewer.role !== 'admin')
    throw new DomainError('access/denied', 'Only an administrator can do this.');
  return next();
});
