import type { PitchClass } from '../foundation/units.ts';
import type { KeyEstimate } from './find-key.ts';

/** Tonics as their key signatures are mostly written: the spelling with fewer accidentals; F♯ major and E♭ and B♭ minor where they tie. */
const TONICS = {
  major: ['C', 'D♭', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'],
  minor: ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'B♭', 'B'],
} as const;

/** Names without a key around them: the accidentals met most often. */
const PITCH_CLASSES = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'] as const;

/** The usual spelling of a tonic, such as D♭ in major and C♯ in minor; without a mode that of the pitch class alone. */
export function tonicName(tonic: PitchClass, mode?: 'major' | 'minor'): string {
  return (mode === undefined ? PITCH_CLASSES : TONICS[mode])[tonic] ?? '?';
}

/** The name of a key: "E♭ major". */
export function keyName({ tonic, mode }: Pick<KeyEstimate, 'tonic' | 'mode'>): string {
  return `${tonicName(tonic, mode)} ${mode}`;
}

/** Scientific pitch name of a MIDI note 0–127: 60 → "C4" (Young 1939). */
export function pitchName(pitch: number): string {
  return `${tonicName(pitch % 12)}${Math.floor(pitch / 12) - 1}`;
}
