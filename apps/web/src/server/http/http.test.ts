import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { readBody, readUpload } from './read-body.ts';
import { assertSameOrigin } from './respond.ts';
import { parseRange } from './send-file.ts';

const refusal = new DomainError('upload/too-large', 'A file may have at most 1 MB.');

/** A body of `chunks` pieces of 1 kB that counts how many were asked for. */
function countingBody(chunks: number) {
  const count = { asked: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        count.asked++;
        controller.enqueue(new Uint8Array(1000).fill(count.asked));
        if (count.asked === chunks) controller.close();
      },
      cancel: () => {
        count.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { count, body };
}

describe('readBody', () => {
  it('collects a body within the limit, in order', async () => {
    const bytes = await readBody(countingBody(3).body, 3000, refusal);
    expect([bytes.length, bytes[0], bytes[1500], bytes[2999]]).toEqual([3000, 1, 2, 3]);
    expect((await readBody(null, 10, refusal)).length).toBe(0);
  });

  it('stops reading as soon as the limit is passed', async () => {
    const { body, count } = countingBody(1_000_000);
    await expect(readBody(body, 2500, refusal)).rejects.toBe(refusal);
    expect(count).toEqual({ asked: 3, cancelled: true });
  });
});

describe('readUpload', () => {
  const post = (body: BodyInit, headers: Record<string, string> = {}): Request =>
    new Request('http://localhost/api/upload', { method: 'POST', body, headers });

  it('takes a bare body with its name in a header', async () => {
    const file = await readUpload(post(Uint8Array.of(1, 2, 3), { 'x-file-name': 'gr%C3%BCn.mid' }), 100);
    expect([file.name, [...file.bytes]]).toEqual(['grün.mid', [1, 2, 3]]);
    expect((await readUpload(post(Uint8Array.of(1), { 'x-file-name': '%E0%A4%A' }), 100)).name).toBe('');
  });

  it('takes the file of a form', async () => {
    const form = new FormData();
    form.set('note', 'hello');
    form.set('file', new File([Uint8Array.of(9, 8)], 'song.mid'));
    const file = await readUpload(post(form), 100);
    expect([file.name, [...file.bytes]]).toEqual(['song.mid', [9, 8]]);
  });

  it('refuses a form without a file, and one that is no form', async () => {
    const form = new FormData();
    form.set('note', 'hello');
    await expect(readUpload(post(form), 100)).rejects.toMatchObject({ code: 'upload/empty' });
    const broken = post('no form', { 'content-type': 'multipart/form-data; boundary=x' });
    await expect(readUpload(broken, 100)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('refuses what is larger than allowed, in a form too', async () => {
    await expect(readUpload(post(new Uint8Array(101)), 100)).rejects.toMatchObject({
      code: 'upload/too-large',
    });
    const form = new FormData();
    form.set('file', new File([new Uint8Array(20_000)], 'song.mid'));
    await expect(readUpload(post(form), 100)).rejects.toMatchObject({ code: 'upload/too-large' });
  });
});

describe('parseRange', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=-5', { start: 95, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=50-500', { start: 50, end: 99 }],
    [null, undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined], // several ranges may be answered with the whole (RFC 9110 §14.2)
    ['lines=1-2', undefined],
  ])('reads %j of a file of 100 bytes', (header, range) => expect(parseRange(header, 100)).toEqual(range));

  it.each(['bytes=100-', 'bytes=9-3', 'bytes=-0'])('refuses %j', (header) => {
    expect(() => parseRange(header, 100)).toThrow(DomainError);
  });
});

describe('assertSameOrigin', () => {
  const from = (origin: string | undefined): Request =>
    new Request('http://localhost:3000/api/upload', {
      headers: { host: 'localhost:3000', ...(origin ? { origin } : {}) },
    });

  it('lets the own pages and programs pass, and no other page', () => {
    expect(() => assertSameOrigin(from('http://localhost:3000'))).not.toThrow();
    expect(() => assertSameOrigin(from(undefined))).not.toThrow();
    for (const origin of ['https://evil.example', 'http://localhost:3001', 'null']) {
      expect(() => assertSameOrigin(from(origin))).toThrow(DomainError);
    }
  });
});
