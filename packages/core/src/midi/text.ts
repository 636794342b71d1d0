import { latin1Text } from '../foundation/byte-reader.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of a meta event: UTF-8 where the bytes are valid UTF-8, else Latin-1 (files say nothing about it). */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length < 64 && isAscii(bytes)) return latin1Text(bytes); // quicker, and the rule
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1Text(bytes);
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}
