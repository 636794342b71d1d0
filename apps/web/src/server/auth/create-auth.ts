import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { admin, anonymous } from 'better-auth/plugins';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Actor } from '../context.ts';
import { moveListener } from './move-listener.ts';

export interface AuthOptions {
  readonly secret: string;
  /** Public address, where the app is not only reached on this machine. */
  readonly url: string | undefined;
}

const LOCAL_HOSTS = ['localhost', 'localhost:*', '127.0.0.1', '127.0.0.1:*', '[::1]', '[::1]:*'];

/** Guests first: a session without a name, whose ratings and pieces move to the account they may make later. */
export function createAuth(prisma: PrismaClient, { secret, url }: AuthOptions) {
  return betterAuth({
    secret,
    baseURL: url ?? { allowedHosts: LOCAL_HOSTS, protocol: 'http', fallback: 'http://localhost:3000' },
    basePath: '/api/auth',
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
    emailAndPassword: { enabled: true, minPasswordLength: 8, autoSignIn: true },
    session: { expiresIn: 60 * 60 * 24 * 90, updateAge: 60 * 60 * 24 },
    trustedOrigins: [...(url ? [new URL(url).origin] : []), ...LOCAL_HOSTS.map((host) => `http://${host}`)],
    // Many guests may come from one address (a class, a household); passwords are still tried slowly.
    rateLimit: { customRules: { '/sign-in/anonymous': { window: 10, max: 100 } } },
    telemetry: { enabled: false },
    // Said outright, because better-auth turns these checks off where it sees a test.
    advanced: { cookiePrefix: 'attune', disableOriginCheck: false, disableCSRFCheck: false },
    user: { deleteUser: { enabled: false } }, // viewer.erase does it, files included
    plugins: [
      anonymous({
        generateName: () => 'Guest',
        onLinkAccount: ({ anonymousUser, newUser }) =>
          moveListener(prisma, anonymousUser.user.id, newUser.user.id),
      }),
      admin(),
    ],
  });
}
export type Auth = ReturnType<typeof createAuth>;

/** Who the session cookie of a request belongs to; null without one. */
export async function findActor(auth: Auth, headers: Headers): Promise<Actor | null> {
  const session = await auth.api.getSession({ headers });
  if (!session) return null;
  const { id, name, email, role, isAnonymous } = session.user;
  const isGuest = isAnonymous === true;
  return { id, name, email: isGuest ? null : email, isGuest, role: role === 'admin' ? 'admin' : 'user' };
}
