'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useDeferredValue, useState, type ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { IconButton } from '@/components/ui/button.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { TrackWords } from '@/components/ui/track-words.tsx';
import { PlayButton } from '@/features/player/play-button.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

const s = strings.studio;
/** Results on view; recorded sound among them is left out where notes are needed. */
const SHOWN = 5;
const TAKE = 20;

interface TrackPickerProps {
  readonly label: string;
  readonly chosen: string | null;
  /** Whether recorded sound will do as well. */
  readonly takesAudio: boolean;
  readonly onChoose: (id: string | null) => void;
}

/** A track of the library: found by its title, heard before it is chosen. */
export function TrackPicker({ label, chosen, takesAudio, onChoose }: TrackPickerProps): ReactNode {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{label}</legend>
      {chosen === null ? (
        <TrackSearch takesAudio={takesAudio} onChoose={onChoose} />
      ) : (
        <ChosenTrack id={chosen} onClear={() => onChoose(null)} />
      )}
    </fieldset>
  );
}

function ChosenTrack({ id, onClear }: { id: string; onClear: () => void }): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id }));
  const title = detail.data?.summary.title ?? '…';
  return (
    <div className="flex items-center gap-2 rounded-md border border-accent bg-tint py-1 pl-2">
      {detail.data ? <PlayButton track={detail.data.summary} /> : null}
      <div className="min-w-0 flex-1">
        {detail.isError ? (
          <p role="alert">{s.sourceGone}</p>
        ) : (
          <p className="truncate font-medium">{title}</p>
        )}
        {detail.data ? <TrackWords track={detail.data.summary} /> : null}
      </div>
      <IconButton label={s.sourceChange(title)} onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

interface SearchProps extends Pick<TrackPickerProps, 'takesAudio'> {
  readonly onChoose: (id: string) => void;
}

function TrackSearch({ takesAudio, onChoose }: SearchProps): ReactNode {
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const list = useQuery({
    ...trpc.library.list.queryOptions({
      take: TAKE,
      sort: query ? 'title' : 'newest',
      ...(query ? { query } : {}),
    }),
    placeholderData: keepPreviousData,
  });
  const found = (list.data?.items ?? []).filter(({ kind }) => takesAudio || kind === 'score').slice(0, SHOWN);
  return (
    <div className="flex flex-col gap-1">
      <TextField
        label={strings.library.search}
        hint={s.sourceHint}
        type="search"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          // Enter here chooses nothing and must not send the form.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      {list.data && found.length === 0 ? <p role="status">{s.sourceNone}</p> : null}
      <ul>
        {found.map((track) => (
          <FoundTrack key={track.id} track={track} onChoose={onChoose} />
        ))}
      </ul>
    </div>
  );
}

function FoundTrack({ track, onChoose }: { track: TrackSummary; onChoose: (id: string) => void }): ReactNode {
  return (
    <li className="flex items-center gap-2 border-b border-line py-1">
      <PlayButton track={track} />
      <div className="min-w-0 flex-1">
        <p className="truncate">{track.title}</p>
        <TrackWords track={track} />
      </div>
      <IconButton label={s.sourceChoose(track.title)} onClick={() => onChoose(track.id)}>
        <Check size={20} aria-hidden />
      </IconButton>
    </li>
  );
}
