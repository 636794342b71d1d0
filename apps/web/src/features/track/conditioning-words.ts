import { pitchName, tonicName } from '@attune/core';
import type { ConditioningView } from '@/api/types.ts';
import { amountWord, meterText } from '@/features/studio/studio-form.ts';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';

/** What was asked for, as pairs of name and words; what was left open does not appear. */
export function conditioningWords(
  asked: ConditioningView,
  instrumentName: (program: number) => string,
): [string, string][] {
  const { words } = strings.track;
  const pairs: [string, string | undefined][] = [
    [words.style, asked.style && styleName(asked.style)],
    [words.tonic, keyWords(asked)],
    [words.tempo, asked.tempo === undefined ? undefined : strings.track.bpm(asked.tempo)],
    [words.form, asked.form],
    [words.meter, asked.meter && meterText(asked.meter)],
    [words.instruments, asked.instruments?.map(instrumentName).join(', ')],
    [words.density, asked.density === undefined ? undefined : `${asked.density.toFixed(1)} / ♩`],
    [words.range, asked.range && rangeWords(asked.range)],
    [words.energy, amount(asked.energy)],
    [words.valence, amount(asked.valence)],
    [words.tension, amount(asked.tension)],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

function keyWords({ tonic, mode }: ConditioningView): string | undefined {
  const parts = [
    tonic === undefined ? undefined : tonicName(tonic, mode),
    mode && strings.words[mode],
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** "C3 to C6"; C4 is the middle C. */
function rangeWords(range: readonly [number, number]): string {
  return range.map(pitchName).join(' – ');
}

function amount(share: number | undefined): string | undefined {
  return share === undefined ? undefined : amountWord(share);
}
