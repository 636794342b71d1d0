import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { DomainError } from '../../../../server/errors.ts';
import { respond } from '../../../../server/http/respond.ts';

export const dynamic = 'force-dynamic';

const TYPES: Readonly<Record<string, string>> = {
  'config.json': 'application/json',
  'weights.safetensors': 'application/octet-stream',
};

interface Params {
  readonly params: Promise<{ readonly file: string }>;
}

/** The files of the composer's checkpoint, for those who compose on their own machine. `?v=` names the version. */
export function GET(request: Request, { params }: Params): Promise<Response> {
  return respond(request, async ({ runtime: { deps } }) => {
    const { file } = await params;
    const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined;
    if (!type) throw new DomainError('asset/not-found', 'The composer has no such file.');
    const place = path.join(/*turbopackIgnore: true*/ deps.composerFolder, file);
    const size = await stat(place).then(
      (found) => found.size,
      () => {
        throw new DomainError('model/missing', 'There is no composing model on this machine.');
      },
    );
    const stream = Readable.toWeb(
      createReadStream(/*turbopackIgnore: true*/ place),
    ) as ReadableStream<Uint8Array>;
    return new Response(stream, {
      headers: { 'Content-Type': type, 'Content-Length': String(size), 'Cache-Control': 'private, no-cache' },
    });
  });
}
