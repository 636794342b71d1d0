/** Every way in which input or state can be refused; the list is closed so that callers can be exhaustive. */
export const ERROR_CODES = [
  'midi/malformed', // bytes break the Standard MIDI File grammar
  'midi/limit', // a limit on bytes, tracks, events, notes or duration is exceeded
  'audio/malformed', // bytes are not the audio file they claim to be
  'audio/unsupported', // a format, codec or sample layout that is not read
  'audio/limit', // too long, too large, too many channels
  'score/invalid', // a Score breaks its own rules
  'notation/malformed', // text breaks the grammar of its notation (ABC)
  'notation/limit', // a notation holds, or would need, more than a limit allows
  'feature/invalid', // parameters or input of a feature make no sense
  'token/invalid', // a token sequence is illegal, or a Score cannot be encoded
  'checkpoint/malformed', // a checkpoint cannot be read
  'checkpoint/mismatch', // a checkpoint is readable but not of the kind or shape expected
  'model/invalid', // a configuration or argument a model cannot accept
  'dataset/missing', // a data set or file is not where it was looked for
  'dataset/malformed', // a data set does not have the stated form
  'argument/invalid', // any other argument outside its domain
  'cancelled', // the caller's AbortSignal fired
] as const;
/** One of `ERROR_CODES`: what went wrong, for a program. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where the fault lies: a byte offset, a path, a parameter name, a note index … */
export type ErrorPlace = Readonly<Record<string, string | number | boolean>>;

/** The only error that the packages throw on purpose. `message` is one sentence for a person. */
export class AttuneError extends Error {
  override readonly name = 'AttuneError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }
}

/**
 * Narrows an unknown error, optionally to one code. Goes by name and code, not by class: a bundler may load this
 * module twice, and an error of one copy is no instance of the other's class.
 */
export function isAttuneError(error: unknown, code?: ErrorCode): error is AttuneError {
  if (!(error instanceof Error) || error.name !== 'AttuneError') return false;
  const own = (error as { code?: unknown }).code;
  return code === undefined ? ERROR_CODES.some((known) => known === own) : own === code;
}

/** Throws `cancelled` once the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AttuneError('cancelled', 'The work was cancelled.');
}
