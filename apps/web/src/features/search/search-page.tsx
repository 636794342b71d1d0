'use client';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { strings } from '@/strings/index.ts';
import { ExampleSearch } from './example-search.tsx';
import { MelodySearch } from './melody-search.tsx';
import { WordsSearch } from './words-search.tsx';

const WAYS = ['words', 'example', 'melody'] as const;
type Way = (typeof WAYS)[number];

interface SearchPageProps {
  readonly text: string;
  /** A track to start from. */
  readonly like: string;
}

/** Three ways to look for music: by words, by an example, by a melody. */
export function SearchPage({ text, like }: SearchPageProps): ReactNode {
  const [way, setWay] = useState<Way>(like ? 'example' : 'words');
  const step = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = WAYS[(WAYS.indexOf(way) + by + WAYS.length) % WAYS.length]!;
    setWay(next);
    document.getElementById(`search-tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={strings.search.title} lead={strings.search.lead} />
      <div
        role="tablist"
        aria-label={strings.search.ways.label}
        onKeyDown={step}
        className="flex gap-1 overflow-x-auto border-b border-line"
      >
        {WAYS.map((name) => (
          <button
            key={name}
            id={`search-tab-${name}`}
            type="button"
            role="tab"
            aria-selected={way === name}
            aria-controls="search-panel"
            tabIndex={way === name ? 0 : -1}
            onClick={() => setWay(name)}
            className="min-h-11 border-b-2 border-transparent px-4 font-medium whitespace-nowrap text-quiet hover:text-ink aria-selected:border-accent aria-selected:text-ink"
          >
            {strings.search.ways[name]}
          </button>
        ))}
      </div>
      <div id="search-panel" role="tabpanel" aria-labelledby={`search-tab-${way}`}>
        {way === 'words' ? <WordsSearch text={text} /> : null}
        {way === 'example' ? <ExampleSearch like={like} /> : null}
        {way === 'melody' ? <MelodySearch /> : null}
      </div>
    </div>
  );
}
