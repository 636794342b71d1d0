import { latin1Text } from '../foundation/byte-reader.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of a meta event: UTF-8 where the bytes are valid UTF-8, else Latin-1 (files say nothing about it). */
export function decodeText(bytes: Uint8Array, start = 0, length = bytes.length - start): string {
  if (length < SHORT) {
    const text = asciiText(bytes, start, length); // quicker, and the rule
    if (text !== undefined) return text;
  }
  const body = bytes.subarray(start, start + length);
  try {
    return utf8.decode(body);
  } catch {
    return latin1Text(body);
  }
}

/** Up to here one character at a time is quicker than setting up the decoder. */
const SHORT = 64;

function asciiText(bytes: Uint8Array, start: number, length: number): string | undefined {
  let text = '';
  for (let i = start; i < start + length; i++) {
    const code = bytes[i]!;
    if (code > 0x7f) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}
