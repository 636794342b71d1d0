import type { AssetKind } from '../repositories/types.ts';
import { openDownload } from '../services/open-download.ts';
import { respond } from './respond.ts';
import type { SendOptions } from './send-file.ts';
import { sendFile } from './send-file.ts';

export interface TrackParams {
  readonly params: Promise<{ readonly id: string }>;
}

/** The GET handler of one kind of file of a track. */
export function trackFileRoute(kind: AssetKind, disposition: SendOptions['disposition']) {
  return (request: Request, { params }: TrackParams): Promise<Response> =>
    respond(request, async ({ runtime, viewer }) => {
      const { id } = await params;
      const download = await openDownload(runtime.deps, viewer, { id, kind });
      const inline = new URL(request.url).searchParams.has('inline') ? 'inline' : disposition;
      return sendFile(request, runtime.deps.files.resolve(download.asset.path), download, {
        disposition: inline,
      });
    });
}
