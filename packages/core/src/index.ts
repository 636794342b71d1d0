export type * from './foundation/units.ts';
export { AttuneError, ERROR_CODES, isAttuneError, throwIfCancelled } from './foundation/errors.ts';
export type { ErrorCode, ErrorPlace } from './foundation/errors.ts';
export { createRng } from './foundation/rng.ts';
export type { Rng, RngState } from './foundation/rng.ts';
export type { OnProgress, Progress } from './foundation/progress.ts';
export type {
  ControlChange,
  KeyEvent,
  MeterEvent,
  Note,
  PitchBend,
  Score,
  TempoEvent,
  TextEvent,
  Track,
} from './score/score.ts';
