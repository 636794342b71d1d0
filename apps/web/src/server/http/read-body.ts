import { DomainError } from '../errors.ts';

/** Collects a body, and stops as soon as it is longer than `most` bytes, whatever its header said. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  refusal: DomainError,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (body) {
    const reader = body.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (!value) continue;
      length += value.length;
      if (length > most) {
        await reader.cancel().catch(() => undefined);
        throw refusal;
      }
      parts.push(value);
    }
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Room for the boundaries and headers of a form around the file. */
const FORM_ROOM = 10_000;

/**
 * The file of an upload: the body itself, named by the header `x-file-name` (percent-encoded), or the first file of
 * a multipart form.
 */
export async function readUpload(request: Request, most: number): Promise<UploadedFile> {
  const refusal = new DomainError(
    'upload/too-large',
    `A file may have at most ${Math.round(most / 1_000_000)} MB.`,
  );
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) {
    return {
      name: decodeName(request.headers.get('x-file-name')),
      bytes: await readBody(request.body, most, refusal),
    };
  }
  const whole = await readBody(request.body, most + FORM_ROOM, refusal);
  const form = await new Response(whole as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } })
    .formData()
    .catch((error: unknown) => {
      throw new DomainError('input/invalid', 'The form of the upload cannot be read.', { cause: error });
    });
  for (const value of form.values()) {
    if (typeof value !== 'string')
      return { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  throw new DomainError('upload/empty', 'The upload holds no file.');
}

function decodeName(header: string | null): string {
  try {
    return decodeURIComponent(header ?? '');
  } catch {
    return '';
  }
}
