import type { UploadAnswer } from '../../../api/types.ts';
import { readUpload } from '../../../server/http/read-body.ts';
import { assertSameOrigin, respond } from '../../../server/http/respond.ts';
import { admitUpload, uploadTrack } from '../../../server/services/upload-track.ts';

export const dynamic = 'force-dynamic';

/** One file: the body itself with its name in `x-file-name` (percent-encoded), or a multipart form. */
export function POST(request: Request): Promise<Response> {
  return respond(request, async ({ runtime: { deps }, viewer }) => {
    assertSameOrigin(request);
    const declared = Number(request.headers.get('content-length') ?? NaN);
    await admitUpload(deps, viewer, Number.isFinite(declared) ? declared : undefined);
    const file = await readUpload(request, deps.limits.audioBytes);
    const answer: UploadAnswer = { ok: true, track: await uploadTrack(deps, viewer, file) };
    return Response.json(answer, { status: 201 });
  });
}
