import fs from 'node:fs';
import { Readable } from 'node:stream';
import { DomainError } from '../errors.ts';
import type { Download } from '../services/open-download.ts';

export interface SendOptions {
  /** Save under a name, or play in place. */
  readonly disposition: 'attachment' | 'inline';
}

/** Streams a stored file; answers one byte range (RFC 9110 §14), as players ask for. */
export function sendFile(
  request: Request,
  path: string,
  { asset, fileName }: Download,
  { disposition }: SendOptions,
): Response {
  const headers = new Headers({
    'Content-Type': asset.mime,
    'Content-Disposition': dispositionOf(disposition, fileName),
    'Accept-Ranges': 'bytes',
    ETag: `"${asset.sha256}"`,
    // Who may hear a track can change (it may be removed): ask each time, but send nothing that is known already.
    'Cache-Control': 'private, no-cache',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
  if (request.headers.get('if-none-match') === headers.get('ETag'))
    return new Response(null, { status: 304, headers });
  const range = parseRange(request.headers.get('range'), asset.bytes);
  const { start, end } = range ?? { start: 0, end: asset.bytes - 1 };
  headers.set('Content-Length', String(end - start + 1));
  if (range) headers.set('Content-Range', `bytes ${start}-${end}/${asset.bytes}`);
  const stream =
    asset.bytes === 0
      ? null
      : Readable.toWeb(fs.createReadStream(/*turbopackIgnore: true*/ path, { start, end }));
  return new Response(stream as ReadableStream<Uint8Array> | null, { status: range ? 206 : 200, headers });
}

/** One range of bytes, inclusive; undefined for none or for several, which may be answered with the whole. */
export function parseRange(header: string | null, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const suffix = match[1] === '';
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = suffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (start >= size || start > end)
    throw new DomainError('range/invalid', 'The part of the file asked for does not exist.');
  return { start, end };
}

/** RFC 6266: a plain name for old clients, the full one in UTF-8. */
function dispositionOf(disposition: string, fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const full = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${full}`;
}
