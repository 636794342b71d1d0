const MAJOR = ['C', 'D♭', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];
const MINOR = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'B♭', 'B'];

/** The usual spelling of a tonic, pitch class 0–11. */
export function tonicName(tonic: number, mode: 'major' | 'minor'): string {
  return (mode === 'major' ? MAJOR : MINOR)[tonic] ?? '?';
}

/** "C minor"; null where there is no key. */
export function keyName(tonic: number | null | undefined, mode: 'major' | 'minor' | null | undefined): string | null {
  return tonic == null || mode == null ? null : `${tonicName(tonic, mode)} ${mode}`;
}

/** "drums-funk" → "funk drums", "art-song" → "art song". */
export function styleName(style: string): string {
  return style.startsWith('drums-') ? `${style.slice(6)} drums` : style.replaceAll('-', ' ');
}
