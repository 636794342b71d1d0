import { DomainError } from '../errors.ts';

/** Stands where a service is still being joined up; refuses. */
export function pending<T>(): Promise<T> {
  return Promise.reject(new DomainError('server/broken', 'This part of the server is not joined up yet.'));
}
