/** Little-endian samples of whole bytes, all channels of a frame together: what FLAC takes its MD5 of. */
export function interleave(channels: readonly Int32Array[], bits: number): Uint8Array {
  const width = Math.ceil(bits / 8);
  const length = channels[0]!.length;
  const bytes = new Uint8Array(length * channels.length * width);
  const frame = channels.length * width;
  channels.forEach((channel, index) => {
    for (let i = 0, at = index * width; i < length; i++, at += frame) {
      const sample = channel[i]!;
      for (let byte = 0; byte < width; byte++) bytes[at + byte] = sample >> (8 * byte);
    }
  });
  return bytes;
}
