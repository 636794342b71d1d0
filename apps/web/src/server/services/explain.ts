import type { Reason as TasteReason } from '@attune/recommend';
import type { Reason } from '../../api/types.ts';
import { styleName } from '../music/words.ts';
import { INSTRUMENT_DIMENSIONS, wordOf } from './taste-words.ts';

/** A reason of the taste model in the listener's words. */
export function reasonOf(
  reason: TasteReason,
  titles: (id: string) => string | undefined,
): Reason | undefined {
  switch (reason.kind) {
    case 'liked-track':
    case 'played-track': {
      const title = titles(reason.itemId);
      if (title === undefined) return undefined;
      const did = reason.kind === 'liked-track' ? 'liked' : 'listened to';
      return { kind: reason.kind, label: `you ${did} ${title}`, trackId: reason.itemId };
    }
    case 'feature': {
      const kind = INSTRUMENT_DIMENSIONS.has(reason.feature) ? 'instrument' : 'feature';
      const { feature, direction } = reason;
      return { kind, label: wordOf(feature, direction), feature, direction };
    }
    case 'style':
      return { kind: 'style', label: styleName(reason.style), feature: reason.style };
    case 'listeners':
      return { kind: 'listeners', label: 'liked by listeners like you' };
    case 'explore':
      return { kind: 'explore', label: 'something to try' };
  }
}
