import { describe, expect, it } from 'vitest';
import { Md5 } from './md5.ts';

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function md5(text: string, piece = text.length || 1): string {
  const digest = new Md5();
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length; offset += piece)
    digest.update(bytes.subarray(offset, offset + piece));
  return hex(digest.digest());
}

describe('Md5', () => {
  // the test suite of RFC 1321, appendix A.5
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
  ])('digests %j as RFC 1321 does', (text, expected) => {
    expect(md5(text)).toBe(expected);
  });

  // by md5sum
  it.each([
    [55, '04364420e25c512fd958a70738aa8f72'],
    [56, '668a72d5ba17f08e62dabcafad6db14b'],
    [64, 'c1bb4f81d892b2d57947682aeb252456'],
    [119, 'ab347a5f68c8a443cfcddc633f12c24f'],
    [120, 'fb98667f98096de92620b64f46e1c5b5'],
    [1000, '398533d48111e9f664b1f64cb10c4b63'],
  ])('digests %i letters x however they are cut', (length, expected) => {
    for (const piece of [1, 7, 63, 64, 65, 1000]) expect(md5('x'.repeat(length), piece)).toBe(expected);
  });
});
