import { authClient } from './auth-client.ts';

let ready: Promise<void> | null = null;

/** Makes sure that there is a session: a listener who has none becomes a guest, once. */
export function ensureSession(): Promise<void> {
  ready ??= openSession().catch((error: unknown) => {
    ready = null;
    throw error;
  });
  return ready;
}

/** After signing out or erasing: the next request asks for a new guest. */
export function forgetSession(): void {
  ready = null;
}

/** `fetch` that waits for the session, and gets a new one once when the old one has ended. */
export async function fetchWithSession(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  await ensureSession();
  const response = await fetch(input, init);
  if (response.status !== 401) return response;
  forgetSession();
  await ensureSession();
  return fetch(input, init);
}

async function openSession(): Promise<void> {
  const { data, error } = await authClient.getSession();
  if (error) throw new TypeError(error.message ?? 'The session could not be read.');
  if (data) return;
  const guest = await authClient.signIn.anonymous();
  if (guest.error) throw new TypeError(guest.error.message ?? 'The guest session could not be opened.');
}
