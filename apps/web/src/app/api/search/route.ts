import { z } from 'zod';
import type { SearchAnswer } from '../../../api/search.ts';
import { DomainError } from '../../../server/errors.ts';
import { readUpload } from '../../../server/http/read-body.ts';
import { assertSameOrigin, respond } from '../../../server/http/respond.ts';
import { MOST_EXAMPLE_BYTES, searchHummed, searchLikeFile } from '../../../server/services/search.ts';

export const dynamic = 'force-dynamic';

const query = z.object({
  by: z.enum(['hum', 'overall', 'rhythm', 'harmony', 'timbre', 'melody']),
  take: z.coerce.number().int().min(1).max(50).default(20),
});

/** One file as in /api/upload, that is looked at and not kept; `by`: a hummed melody, or likeness in an aspect. */
export function POST(request: Request): Promise<Response> {
  return respond(request, async ({ runtime: { deps }, viewer }) => {
    assertSameOrigin(request);
    const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!asked.success)
      throw new DomainError(
        'input/invalid',
        'Say what to search by: hum, overall, rhythm, harmony, timbre or melody.',
      );
    const { by, take } = asked.data;
    const { bytes } = await readUpload(request, MOST_EXAMPLE_BYTES);
    const found =
      by === 'hum'
        ? await searchHummed(deps, viewer, { bytes, take })
        : await searchLikeFile(deps, viewer, { bytes, aspect: by, take });
    const answer: SearchAnswer = { ok: true, ...found };
    return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } });
  });
}
