import { TRPCClientError } from '@trpc/client';
import { strings } from '@/strings/index.ts';

interface DomainData {
  readonly domainCode?: string;
  readonly code?: string;
}

/** The server's one sentence for a person, or ours when it could not be reached. */
export function errorMessage(error: unknown): string {
  if (error instanceof TRPCClientError && error.data) return error.message;
  return strings.common.failed;
}

/** The server's code of a refusal, for example "track/not-found". */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof TRPCClientError)) return null;
  return (error.data as DomainData | null)?.domainCode ?? null;
}
