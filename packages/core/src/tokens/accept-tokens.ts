import { AttuneError } from '../foundation/errors.ts';
import type { TokenGrammar } from './tokenizer.ts';

/**
 * Walks through tokens and shows each with the state after it. Throws `token/invalid` with index and token of the
 * first illegal one.
 */
export function acceptTokens<State>(
  grammar: TokenGrammar<State>,
  tokens: ArrayLike<number>,
  visit: (state: State, token: number) => void = () => undefined,
): State {
  let state = grammar.start();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    try {
      state = grammar.accept(state, token);
    } catch (error) {
      if (!(error instanceof AttuneError)) throw error;
      const place = { ...error.place, index, token };
      throw new AttuneError(error.code, `Token ${index}: ${error.message}`, place);
    }
    visit(state, token);
  }
  return state;
}
