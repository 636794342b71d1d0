import { getRuntime } from '../../../server/runtime.ts';

export const dynamic = 'force-dynamic';

/** Answers once the server is ready: database open, catalogue in place. */
export async function GET(): Promise<Response> {
  try {
    const { deps } = await getRuntime();
    const pieces = (await deps.tracks.catalogueKeys()).size;
    return Response.json({ ok: true, catalogue: pieces }, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    console.error('The server is not ready.', error);
    return Response.json({ ok: false }, { status: 503, headers: { 'Cache-Control': 'no-store' } });
  }
}
