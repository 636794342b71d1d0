/** An error of the operating system, such as a file that is not there: no fault of the program. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E(?!RR_)[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** What went wrong, in one sentence for a person. */
export function systemMessage({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'Access is not permitted.';
  if (code === 'EISDIR') return 'This is a folder, not a file.';
  if (code === 'ENOTDIR') return 'A part of this path is a file, not a folder.';
  if (code === 'EEXIST') return 'There is something of this name already.';
  if (code === 'ENOSPC') return 'The disk is full.';
  if (code === 'EFBIG') return 'This file is larger than 500 MB.';
  return `The file cannot be read or written (${code}).`;
}
