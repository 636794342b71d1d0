import type { ReactNode } from 'react';
import type { ShownClassification, TrackDetail } from '@/api/types.ts';
import { ShareBar } from '@/components/ui/share-bar.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatPercent } from '@/lib/format.ts';
import { modelWords } from '@/lib/model-words.ts';
import { strings } from '@/strings/index.ts';

const SHOWN = 5;

/** What the models in use say, with their probabilities, and what a person said over it. */
export function Classifications({ detail }: { detail: TrackDetail }): ReactNode {
  const { classifications, correctedLabel } = detail;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{strings.track.classification}</h2>
      {correctedLabel ? <p>{strings.track.corrected(styleName(correctedLabel))}</p> : null}
      {classifications.length === 0 ? <p className="text-quiet">{strings.track.noClassification}</p> : null}
      {classifications.map((classification) => (
        <ClassificationBars key={classification.model} classification={classification} />
      ))}
    </section>
  );
}

export function ClassificationBars({ classification }: { classification: ShownClassification }): ReactNode {
  const { label, broad, probabilities, model } = classification;
  return (
    <div className="flex flex-col gap-2">
      {label === null ? (
        <p>
          {broad
            ? strings.track.probably(styleName(broad.label).toLowerCase(), formatPercent(broad.probability))
            : strings.track.unsure}
        </p>
      ) : null}
      <ul className="flex flex-col gap-1">
        {probabilities.slice(0, SHOWN).map(({ label: name, probability }) => (
          <ShareBar key={name} name={styleName(name)} share={probability} strong={name === label} />
        ))}
      </ul>
      <p className="text-12 text-quiet">{modelWords(model)}</p>
    </div>
  );
}
