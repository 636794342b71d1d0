import type { Rng } from '../foundation/rng.ts';
import { anyByte, anyNumber, concat, type Mutation, pick } from './mutate-bytes.ts';
import { oggPageRanges, sealOggPage } from './ogg-bytes.ts';

export const OGG_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'page header': (bytes, rng) => changePage(bytes, rng, changeHeader, false),
  'page header, checksum right': (bytes, rng) => changePage(bytes, rng, changeHeader, true),
  'packet, checksum right': (bytes, rng) => changePage(bytes, rng, changeBody, true),
  'identification, checksum right': (bytes, rng) => {
    const out = bytes.slice();
    const first = oggPageRanges(out)[0];
    if (first === undefined) return out;
    const body = first[0] + 28;
    const at = body + 7 + rng.integer(Math.max(1, first[1] - body - 7));
    const view = new DataView(out.buffer);
    if (rng.integer(2) === 0 || at + 4 > first[1]) out[at] = anyByte(rng);
    else view.setUint32(at, anyNumber(32, view.getUint32(at, true), rng), true);
    sealOggPage(out, ...first);
    return out;
  },
  'codec headers, checksum right': (bytes, rng) => {
    const out = bytes.slice();
    const page = oggPageRanges(out)[1];
    if (page === undefined) return out;
    for (let n = 1 + rng.integer(6); n > 0; n--) {
      const at = page[0] + 27 + out[page[0] + 26]! + rng.integer(Math.max(1, page[1] - page[0] - 60));
      if (at < page[1]) out[at] = anyByte(rng);
    }
    sealOggPage(out, ...page);
    return out;
  },
  'drop, repeat or swap pages': (bytes, rng) => {
    const ranges = oggPageRanges(bytes);
    const pages = ranges.map(([start, end]) => bytes.slice(start, end));
    const at = rng.integer(Math.max(1, pages.length));
    const changed = pick(
      [pages.filter((_, i) => i !== at), [...pages, ...pages.slice(at)], rng.shuffle([...pages])],
      rng,
    );
    if (rng.integer(2) === 0) return concat(...changed);
    return concat(
      ...changed.map((page, sequence) => {
        const out = page.slice(); // numbered anew, so that none seems to be missing
        new DataView(out.buffer).setUint32(18, sequence, true);
        sealOggPage(out, 0, out.length);
        return out;
      }),
    );
  },
};

function changePage(
  bytes: Uint8Array,
  rng: Rng,
  change: (page: Uint8Array, rng: Rng) => void,
  seal: boolean,
): Uint8Array {
  const out = bytes.slice();
  const ranges = oggPageRanges(out);
  if (ranges.length === 0) return out;
  for (let n = 1 + rng.integer(2); n > 0; n--) {
    const [start, end] = pick(ranges, rng);
    change(out.subarray(start, end), rng);
    if (seal) sealOggPage(out, start, end);
  }
  return out;
}

function changeHeader(page: Uint8Array, rng: Rng): void {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const [at, bits] = pick(
    [
      [4, 8],
      [5, 8],
      [6, 32],
      [10, 32],
      [14, 32],
      [18, 32],
      [26, 8],
      [27, 8],
    ] as const,
    rng,
  );
  if (at + bits / 8 > page.length) return;
  if (bits === 8) view.setUint8(at, anyByte(rng));
  else view.setUint32(at, anyNumber(32, view.getUint32(at, true), rng), true);
}

function changeBody(page: Uint8Array, rng: Rng): void {
  const body = 27 + page[26]!;
  if (body >= page.length) return;
  for (let n = 1 + rng.integer(8); n > 0; n--) page[body + rng.integer(page.length - body)] = anyByte(rng);
}
