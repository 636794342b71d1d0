import { ERROR_CODES, isAttuneError, type ErrorCode } from '@attune/core';
import { TRPCError } from '@trpc/server';

type TrpcCode = TRPCError['code'];

interface Row {
  readonly trpc: TrpcCode;
  readonly status: number;
}

const BAD_INPUT: Row = { trpc: 'BAD_REQUEST', status: 400 };
const TOO_LARGE: Row = { trpc: 'PAYLOAD_TOO_LARGE', status: 413 };
const UNREADABLE: Row = { trpc: 'UNPROCESSABLE_CONTENT', status: 422 };
const BROKEN: Row = { trpc: 'INTERNAL_SERVER_ERROR', status: 500 };

/** What the web app itself refuses. */
const WEB_TABLE = {
  'auth/required': { trpc: 'UNAUTHORIZED', status: 401 },
  'access/denied': { trpc: 'FORBIDDEN', status: 403 },
  'track/not-found': { trpc: 'NOT_FOUND', status: 404 },
  'job/not-found': { trpc: 'NOT_FOUND', status: 404 },
  'asset/not-found': { trpc: 'NOT_FOUND', status: 404 },
  'job/finished': { trpc: 'CONFLICT', status: 409 },
  'job/limit': { trpc: 'TOO_MANY_REQUESTS', status: 429 },
  'upload/empty': BAD_INPUT,
  'upload/type': { trpc: 'UNSUPPORTED_MEDIA_TYPE', status: 415 },
  'upload/too-large': TOO_LARGE,
  'upload/limit': { trpc: 'TOO_MANY_REQUESTS', status: 429 },
  'range/invalid': { trpc: 'BAD_REQUEST', status: 416 },
  'label/unknown': BAD_INPUT,
  'label/exists': { trpc: 'CONFLICT', status: 409 },
  'label/limit': BAD_INPUT,
  'model/unknown': { trpc: 'NOT_FOUND', status: 404 },
  'rating/limit': { trpc: 'TOO_MANY_REQUESTS', status: 429 },
  'dimension/unknown': BAD_INPUT,
  'input/invalid': BAD_INPUT,
  'input/too-large': TOO_LARGE,
  'model/missing': { trpc: 'SERVICE_UNAVAILABLE', status: 503 },
  'server/stopping': { trpc: 'SERVICE_UNAVAILABLE', status: 503 },
  'server/broken': BROKEN,
} as const satisfies Record<string, Row>;

/** What the packages refuse; complete, because a missing code does not compile. */
const PACKAGE_TABLE = {
  'midi/malformed': UNREADABLE,
  'midi/limit': TOO_LARGE,
  'audio/malformed': UNREADABLE,
  'audio/unsupported': { trpc: 'UNSUPPORTED_MEDIA_TYPE', status: 415 },
  'audio/limit': TOO_LARGE,
  'score/invalid': UNREADABLE,
  'notation/malformed': UNREADABLE,
  'notation/limit': TOO_LARGE,
  'feature/invalid': UNREADABLE,
  'token/invalid': UNREADABLE,
  'checkpoint/malformed': BROKEN,
  'checkpoint/mismatch': BROKEN,
  'model/invalid': BAD_INPUT,
  'dataset/missing': BROKEN,
  'dataset/malformed': BROKEN,
  'argument/invalid': BAD_INPUT,
  cancelled: { trpc: 'CLIENT_CLOSED_REQUEST', status: 499 },
} as const satisfies Record<ErrorCode, Row>;

const TABLE = { ...WEB_TABLE, ...PACKAGE_TABLE };
export type DomainCode = keyof typeof TABLE;
export const DOMAIN_CODES = Object.keys(TABLE) as readonly DomainCode[];

/** A refusal with a code of the table above; `message` is one sentence for a person. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainCode;

  constructor(code: DomainCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** By name and code, not by class: the server's start and its routes are bundled apart, each with its own class. */
function isDomainError(error: unknown): error is DomainError {
  return (
    error instanceof Error && error.name === 'DomainError' && isDomainCode((error as { code?: unknown }).code)
  );
}

export function isDomainCode(value: unknown): value is DomainCode {
  return typeof value === 'string' && Object.hasOwn(TABLE, value);
}

/** Status of the plain HTTP routes. */
export function statusOf(code: DomainCode): number {
  return TABLE[code].status;
}

/** Any error as a `DomainError`; what nobody foresaw becomes `server/broken` without its details. */
export function asDomainError(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  if (isAttuneError(error)) return new DomainError(error.code, error.message, { cause: error });
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    return new DomainError('input/invalid', firstIssue(error), { cause: error });
  }
  if (error instanceof Error && error.cause !== undefined && error.cause !== error)
    return asDomainError(error.cause);
  return new DomainError('server/broken', 'Something went wrong on the server; please try again.', {
    cause: error,
  });
}

export function toTrpcError(error: unknown): TRPCError {
  // A missing procedure or a malformed request is tRPC's own refusal and keeps its code.
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR' && error.code !== 'BAD_REQUEST')
    return error;
  const domain = asDomainError(error);
  return new TRPCError({ code: TABLE[domain.code].trpc, message: domain.message, cause: domain });
}

/** The code that a client finds in `error.data.domainCode`. */
export function domainCodeOf(error: TRPCError): DomainCode {
  return asDomainError(error.cause ?? error).code;
}

function firstIssue(error: TRPCError): string {
  const issues = (error.cause as { issues?: readonly { path: PropertyKey[]; message: string }[] } | undefined)
    ?.issues;
  const issue = issues?.[0];
  if (!issue) return error.message;
  const place = issue.path.map(String).join('.');
  return place ? `${place}: ${issue.message}.` : `${issue.message}.`;
}

/** Codes of the packages, for the test that the table is complete. */
export const PACKAGE_CODES = ERROR_CODES;
