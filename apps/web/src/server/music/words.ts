import { keyName } from '@attune/core';

/** "C minor"; null where there is no key. */
export function keyLabel(
  tonic: number | null | undefined,
  mode: 'major' | 'minor' | null | undefined,
): string | null {
  return tonic == null || mode == null ? null : keyName({ tonic, mode });
}

/** "drums-funk" → "funk drums", "art-song" → "art song". */
export function styleName(style: string): string {
  return style.startsWith('drums-') ? `${style.slice(6)} drums` : style.replaceAll('-', ' ');
}
