'use client';
import type { ReactNode } from 'react';
import type { Provenance } from '@/api/types.ts';
import { DefinitionList } from '@/components/ui/definition-list.tsx';
import { ReasonChips } from '@/features/for-you/reason-chips.tsx';
import { formatPercent } from '@/lib/format.ts';
import { instrumentName } from '@/lib/instruments.ts';
import { strings } from '@/strings/index.ts';
import { conditioningWords } from './conditioning-words.ts';
import { isMadeFrom, sampleWords, Sources } from './sources.tsx';

const t = strings.track;

/** How a composed piece came about: enough to make it again. */
export function ProvenanceView({ provenance }: { provenance: Provenance }): ReactNode {
  const { reasons, originality, wellFormedness } = provenance;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{t.provenance}</h2>
      {reasons.length > 0 ? (
        <div>
          <h3 className="text-quiet">{t.because}</h3>
          <ReasonChips reasons={reasons} />
        </div>
      ) : null}
      <DefinitionList
        pairs={[
          [t.madeFrom, isMadeFrom(provenance) ? <Sources key="sources" provenance={provenance} /> : null],
          ...sampleWords(provenance),
          ...conditioningWords(provenance.conditioning, instrumentName),
          [t.bars, provenance.bars > 0 ? String(provenance.bars) : null],
          [t.seed, <code key="seed">{provenance.seed}</code>],
          [t.model, provenance.modelVersion],
          [t.tokenizer, provenance.tokenizer],
          [t.originality, originality === null ? null : formatPercent(originality)],
          [t.wellFormed, wellFormedness === null ? null : formatPercent(wellFormedness)],
          [t.candidates, provenance.sample ? null : String(provenance.candidates)],
          [t.madeOn, provenance.madeOn ? t.madeOnWords[provenance.madeOn] : null],
        ]}
      />
    </section>
  );
}
