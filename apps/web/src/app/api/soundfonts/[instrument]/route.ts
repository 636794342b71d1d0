import { respond } from '../../../../server/http/respond.ts';

export const dynamic = 'force-dynamic';

interface Params {
  readonly params: Promise<{ readonly instrument: string }>;
}

/** The bank of one instrument (0–127, 128: drums) for music that is not finished yet, or `all` of it. */
export function GET(request: Request, { params }: Params): Promise<Response> {
  return respond(request, async ({ runtime: { deps } }) => {
    const { instrument } = await params;
    const bytes =
      instrument === 'all'
        ? (await deps.studio.run('wholeBank', null)).bytes
        : await deps.banks.load(numberOf(instrument));
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': 'audio/x-soundfont',
        'Content-Length': String(bytes.length),
        'Cache-Control': 'private, max-age=86400',
      },
    });
  });
}

/** NaN for what is no number: the service then says so. */
function numberOf(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : NaN;
}
