import { createAuthClient } from 'better-auth/client';
import { anonymousClient } from 'better-auth/client/plugins';

/** Speaks to /api/auth on our own origin. */
export const authClient = createAuthClient({ plugins: [anonymousClient()] });
