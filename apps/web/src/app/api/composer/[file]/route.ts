import { DomainError } from '../../../../server/errors.ts';
import { respond } from '../../../../server/http/respond.ts';
import type { ComposerFile } from '../../../../server/worker/protocol.ts';

export const dynamic = 'force-dynamic';

const TYPES: Readonly<Record<ComposerFile, string>> = {
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
    if (!isFile(file)) throw new DomainError('asset/not-found', 'The composer has no such file.');
    const { bytes } = await deps.studio.run('composerFile', { file });
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': TYPES[file],
        'Content-Length': String(bytes.length),
        'Cache-Control': 'private, no-cache',
      },
    });
  });
}

function isFile(name: string): name is ComposerFile {
  return Object.hasOwn(TYPES, name);
}
