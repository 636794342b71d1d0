import { AttuneError, ERROR_CODES } from '@attune/core';
import { TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { asDomainError, DomainError, DOMAIN_CODES, domainCodeOf, statusOf, toTrpcError } from './errors.ts';

describe('errors', () => {
  it('has a row for every code of the packages', () => {
    expect(ERROR_CODES.filter((code) => !DOMAIN_CODES.includes(code))).toEqual([]);
    expect(DOMAIN_CODES.filter((code) => !(statusOf(code) >= 400 && statusOf(code) < 600))).toEqual([]);
  });

  it('keeps the sentence of a refusal and hides what nobody foresaw', () => {
    expect(asDomainError(new AttuneError('midi/limit', 'Too many notes.'))).toMatchObject({
      code: 'midi/limit',
      message: 'Too many notes.',
    });
    const hidden = asDomainError(new Error('password of the database is hunter2'));
    expect(hidden.code).toBe('server/broken');
    expect(hidden.message).not.toMatch(/hunter2/);
  });

  it('gives tRPC the code of the table and the domain code beside it', () => {
    const error = toTrpcError(new DomainError('upload/too-large', 'A MIDI file may have at most 2 MB.'));
    expect([error.code, error.message, domainCodeOf(error)]).toEqual([
      'PAYLOAD_TOO_LARGE',
      'A MIDI file may have at most 2 MB.',
      'upload/too-large',
    ]);
  });

  it('unwraps what tRPC wraps around an error of a procedure', () => {
    const wrapped = new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      cause: new DomainError('track/not-found', 'There is no such track.'),
    });
    expect(toTrpcError(wrapped).code).toBe('NOT_FOUND');
  });
});
