'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useDeferredValue, useState, type ReactNode } from 'react';
import type { SearchAspect } from '@/api/search.ts';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { AGAIN_MS } from './ask-on.ts';
import { FileButton } from './file-button.tsx';
import { LikeAnswer } from './like-answer.tsx';
import { useExample } from './use-example.ts';

const t = strings.search.example;
const ASPECTS = (Object.keys(t.aspects) as SearchAspect[]).map((value) => ({
  value,
  label: t.aspects[value],
}));

/** Search by a track or a file, as a whole or in one aspect. */
export function ExampleSearch({ like }: { like: string }): ReactNode {
  const trpc = useTRPC();
  const [aspect, setAspect] = useState<SearchAspect>('overall');
  const [trackId, setTrackId] = useState(like);
  const [title, setTitle] = useState('');
  const [file, setFile] = useState<File | null>(null);
  /** The question that was told not to go on. */
  const [stopped, setStopped] = useState('');
  const question = `${aspect} ${trackId}`;
  const query = useDeferredValue(title.trim());
  const titles = useQuery({
    ...trpc.library.list.queryOptions({ take: 8, sort: 'title', ...(query ? { query } : {}) }),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({ ...trpc.track.get.queryOptions({ id: trackId }), enabled: trackId !== '' });
  const byTrack = useQuery({
    ...trpc.search.like.queryOptions(
      { trackId, aspect, take: 20 },
      {
        refetchInterval: ({ state }) => (state.data?.isMore && stopped !== question ? AGAIN_MS : false),
      },
    ),
    enabled: trackId !== '' && file === null,
    placeholderData: keepPreviousData,
  });
  const byFile = useExample();
  const send = (example: File, by: SearchAspect): void => {
    setFile(example);
    setTrackId('');
    byFile.search({ file: example, by });
  };

  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-1 items-end gap-4 md:grid-cols-[1fr_auto_1fr]">
        <TextField
          label={t.track}
          hint={chosen.data ? t.chosen(chosen.data.summary.title) : file ? t.chosen(file.name) : t.trackHint}
          type="search"
          value={title}
          onChange={({ target }) => setTitle(target.value)}
        />
        <FileButton
          label={t.file}
          accept=".mid,.midi,audio/*"
          onFile={(chosenFile) => send(chosenFile, aspect)}
          className="md:mb-5"
        />
        <SelectField
          className="md:mb-5"
          label={t.aspect}
          options={ASPECTS}
          value={aspect}
          onChange={({ target }) => {
            const next = target.value as SearchAspect;
            setAspect(next);
            if (file) send(file, next);
          }}
        />
      </div>
      <ul aria-label={t.choices} className="flex flex-wrap gap-1">
        {titles.data?.items.map((track) => (
          <li key={track.id}>
            <button
              type="button"
              aria-pressed={track.id === trackId}
              onClick={() => {
                setTrackId(track.id);
                setFile(null);
                setStopped('');
                byFile.stop();
              }}
              className="inline-flex min-h-8 items-center rounded-full border border-line bg-panel px-3 text-12 hover:border-edge aria-pressed:border-accent aria-pressed:bg-tint pointer-coarse:min-h-11"
            >
              {track.title}
            </button>
          </li>
        ))}
      </ul>
      {file ? (
        byFile.error !== undefined ? (
          <ErrorState message={byFile.error} onRetry={() => send(file, aspect)} />
        ) : byFile.answer ? (
          <LikeAnswer
            answer={byFile.answer}
            isGoingOn={byFile.isGoingOn}
            onStop={byFile.stop}
            onGoOn={byFile.goOn}
          />
        ) : (
          <SkeletonList count={6} className="h-16" />
        )
      ) : trackId === '' ? (
        <EmptyState title={t.empty} hint={t.emptyHint} icon={Search} />
      ) : byTrack.isPending ? (
        <SkeletonList count={6} className="h-16" />
      ) : byTrack.isError ? (
        <ErrorState message={errorMessage(byTrack.error)} onRetry={() => void byTrack.refetch()} />
      ) : (
        <LikeAnswer
          answer={byTrack.data}
          busy={byTrack.isPlaceholderData}
          isGoingOn={byTrack.data.isMore && stopped !== question}
          onStop={() => setStopped(question)}
          onGoOn={() => {
            setStopped('');
            void byTrack.refetch();
          }}
        />
      )}
    </div>
  );
}
