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

/**
 * Two plain requests in place of the auth client: they are part of every first visit, and the client, which only
 * the account page needs, would be the largest part of its script.
 */
async function openSession(): Promise<void> {
  if (await request('GET', 'get-session')) return;
  await request('POST', 'sign-in/anonymous');
}

async function request(method: 'GET' | 'POST', path: string): Promise<unknown> {
  const response = await fetch(`/api/auth/${path}`, {
    method,
    ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
  });
  if (!response.ok) throw new TypeError(`The session service answered ${response.status}.`);
  return response.json();
}
