'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { WordSearch } from '@/api/search.ts';
import { Button } from '@/components/ui/button.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { formatList } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { FoundList } from './found-list.tsx';

const t = strings.search.words;
const NONE: readonly number[] = [];

/** Search by words: how they were understood stands as chips below, each of which can be taken away. */
export function WordsSearch({ text }: { text: string }): ReactNode {
  const trpc = useTRPC();
  const [typed, setTyped] = useState(text);
  const [asked, setAsked] = useState({ text: text.trim(), without: NONE });
  const search = useQuery({
    ...trpc.search.words.queryOptions({ text: asked.text, without: [...asked.without], take: 20 }),
    enabled: asked.text !== '',
    placeholderData: keepPreviousData,
  });
  const ask = (phrase: string): void => {
    setTyped(phrase);
    setAsked({ text: phrase.trim(), without: NONE });
    window.history.replaceState(
      null,
      '',
      phrase.trim() ? `/search?q=${encodeURIComponent(phrase.trim())}` : '/search',
    );
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask(typed);
  };
  return (
    <div className="flex flex-col gap-4">
      <form role="search" onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <TextField
          className="min-w-60 flex-1"
          label={t.label}
          type="search"
          placeholder={t.placeholder}
          maxLength={1000}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit" tone="primary">
          <Search size={16} aria-hidden />
          {t.submit}
        </Button>
      </form>
      {asked.text === '' ? (
        <Examples onAsk={ask} />
      ) : search.isPending ? (
        <SkeletonList count={6} className="h-16" />
      ) : search.isError ? (
        <ErrorState message={errorMessage(search.error)} onRetry={() => void search.refetch()} />
      ) : (
        <Answer
          answer={search.data}
          busy={search.isPlaceholderData}
          onDrop={(index) => setAsked({ ...asked, without: [...asked.without, index] })}
        />
      )}
    </div>
  );
}

function Examples({ onAsk }: { onAsk: (phrase: string) => void }): ReactNode {
  return (
    <EmptyState title={t.empty} hint={t.emptyHint} icon={Search}>
      <ul className="flex flex-wrap justify-center gap-2">
        {t.examples.map((phrase) => (
          <li key={phrase}>
            <Button className="whitespace-normal" onClick={() => onAsk(phrase)}>
              {phrase}
            </Button>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}

interface AnswerProps {
  readonly answer: WordSearch;
  readonly busy: boolean;
  readonly onDrop: (index: number) => void;
}

function Answer({ answer: { wishes, unknown, corrections, found }, busy, onDrop }: AnswerProps): ReactNode {
  return (
    <>
      {wishes.length > 0 ? (
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-quiet">{t.understood}</span>
          <ul aria-label={t.understood} className="flex flex-wrap gap-1">
            {wishes.map(({ index, label }) => (
              <li key={index}>
                <button
                  type="button"
                  aria-label={t.drop(label)}
                  disabled={busy}
                  onClick={() => onDrop(index)}
                  className="inline-flex min-h-8 items-center gap-1 rounded-full border border-line bg-panel px-3 text-12 hover:border-edge pointer-coarse:min-h-11"
                >
                  {label}
                  <X size={12} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {corrections.length > 0 ? (
        <p className="text-quiet">
          {t.corrected(corrections.map(({ from, to }) => t.correction(from, to)).join(', '))}
        </p>
      ) : null}
      {unknown.length > 0 ? (
        <p className="text-quiet">{t.unknown(formatList(unknown.map((word) => `“${word}”`)))}</p>
      ) : null}
      <p role="status" className="text-quiet">
        {wishes.length === 0 ? '' : strings.search.count(found.length)}
      </p>
      {wishes.length === 0 ? (
        <EmptyState title={t.nothingUnderstood} hint={t.emptyHint} icon={Search} />
      ) : found.length === 0 ? (
        <EmptyState title={t.none} hint={t.noneHint} icon={Search} />
      ) : (
        <FoundList found={found} busy={busy} />
      )}
    </>
  );
}
