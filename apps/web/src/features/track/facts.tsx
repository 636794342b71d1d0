import type { ReactNode } from 'react';
import type { TrackDetail } from '@/api/types.ts';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { DefinitionList } from '@/components/ui/definition-list.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatList, formatSigned, formatTime } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';

const t = strings.track;

/** What one would say about the track; the numbers behind the words are one click away. */
export function Facts({ detail }: { detail: TrackDetail }): ReactNode {
  const { summary, roll, styleWords } = detail;
  // Recorded sound does not say its key and tempo: they are estimates.
  const heard = (text: string | null): string | null =>
    text !== null && summary.kind === 'audio' ? t.estimated(text) : text;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{t.facts}</h2>
      <DefinitionList
        pairs={[
          [t.sounds, formatList(styleWords.map((word) => word.word))],
          [t.style, styleName(summary.style)],
          [t.key, heard(summary.key)],
          [t.tempo, summary.tempo === null ? null : heard(t.bpm(summary.tempo))],
          [t.meter, roll?.meter],
          [t.instruments, formatList([...new Set(summary.instruments)])],
          [t.length, formatTime(summary.seconds)],
          [t.source, strings.library.source_[summary.source]],
        ]}
      />
      {styleWords.length > 0 ? (
        <Disclosure label={strings.common.details}>
          <ul className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 text-12 tabular-nums">
            {styleWords.map((word) => (
              <li key={word.dimension} className="contents">
                <span>{`${word.word} (${word.dimension})`}</span>
                <span>{`${formatSigned(word.value)} σ`}</span>
              </li>
            ))}
          </ul>
        </Disclosure>
      ) : null}
    </section>
  );
}
