import { AttuneError } from '../foundation/errors.ts';
import { compoundTokenizer } from './compound-tokenizer.ts';
import { midiLikeTokenizer } from './midi-like.ts';
import { remiTokenizer } from './remi.ts';
import type { Tokenizer } from './tokenizer.ts';

/** All that there are. */
export const TOKENIZERS: readonly Tokenizer[] = [compoundTokenizer, remiTokenizer, midiLikeTokenizer];

/** What a checkpoint keeps of the tokenizer that its model was trained on; plain JSON. */
export interface TokenizerJson {
  readonly name: string;
  readonly vocabulary: Tokenizer['vocabulary'];
  readonly settings: Tokenizer['settings'];
}

/** What a checkpoint keeps of its tokenizer. */
export function tokenizerToJson({ name, vocabulary, settings }: Tokenizer): TokenizerJson {
  return { name, vocabulary: vocabulary.map((block) => ({ name: block.name, size: block.size })), settings };
}

/**
 * The tokenizer that was written. Throws `checkpoint/mismatch` where there is none of that name, or where its tokens
 * meant something else: another vocabulary or other settings.
 */
export function tokenizerFromJson(json: unknown): Tokenizer {
  const name = typeof json === 'object' && json !== null && 'name' in json ? String(json.name) : '';
  const tokenizer = TOKENIZERS.find((known) => known.name === name);
  if (!tokenizer) {
    throw new AttuneError('checkpoint/mismatch', `There is no tokenizer called "${name}".`, {
      tokenizer: name,
    });
  }
  const known = tokenizerToJson(tokenizer);
  const written = json as Partial<TokenizerJson>;
  for (const part of ['vocabulary', 'settings'] as const) {
    if (canonical(written[part]) === canonical(known[part])) continue;
    throw new AttuneError('checkpoint/mismatch', `The ${part} of tokenizer ${name} was another one.`, {
      tokenizer: name,
      part,
    });
  }
  return tokenizer;
}

/** JSON with the keys of objects in order, so that equal values give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
