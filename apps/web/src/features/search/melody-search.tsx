'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Mic, Music, RotateCcw, Square } from 'lucide-react';
import { useCallback, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { AGAIN_MS } from './ask-on.ts';
import { FileButton } from './file-button.tsx';
import { LikeAnswer } from './like-answer.tsx';
import { addTap, FEWEST_TAPS, NO_TAPS, tapTimes } from './taps.ts';
import { useExample } from './use-example.ts';
import { useRecording } from './use-recording.ts';

const t = strings.search.melody;
/** Keys that mean something else to somebody who finds their way by keyboard. */
const NOT_TAPS: ReadonlySet<string> = new Set(['Tab', 'Shift', 'Escape', 'Control', 'Alt', 'Meta']);

/** Search by humming into the microphone, by a recording, or by tapping the rhythm. */
export function MelodySearch(): ReactNode {
  const trpc = useTRPC();
  const hummed = useExample();
  const [way, setWay] = useState<'none' | 'hummed' | 'tapped'>('none');
  const [taps, setTaps] = useState(NO_TAPS);
  const [asked, setAsked] = useState<number[]>([]);
  const [isStopped, setStopped] = useState(false);
  const { search } = hummed;
  const send = useCallback(
    (file: Blob) => {
      setWay('hummed');
      search({ file, by: 'hum' });
    },
    [search],
  );
  const { recording, start, stop } = useRecording(send);
  const tapped = useQuery({
    ...trpc.search.tapped.queryOptions(
      { onsets: asked, take: 20 },
      { refetchInterval: ({ state }) => (state.data?.isMore && !isStopped ? AGAIN_MS : false) },
    ),
    enabled: way === 'tapped' && asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const tap = (): void => setTaps((before) => addTap(before, performance.now() / 1000));
  const press = (event: KeyboardEvent): void => {
    if (event.repeat || NOT_TAPS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    tap();
  };
  const count = taps.onsets.length;
  const isOn = recording.state === 'recording';

  return (
    <div className="flex flex-col gap-6">
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
        <section className="flex flex-col items-start gap-3 rounded-md border border-line p-4">
          <h2 className="text-20">{t.hum}</h2>
          <p className="text-quiet">{t.humHint}</p>
          <div className="flex flex-wrap gap-2">
            <Button
              tone={isOn ? 'danger' : 'primary'}
              disabled={recording.state === 'asking' || recording.state === 'reading'}
              onClick={() => (isOn ? stop() : void start())}
            >
              {isOn ? <Square size={16} aria-hidden /> : <Mic size={16} aria-hidden />}
              {isOn ? t.stop : t.record}
            </Button>
            <FileButton label={t.file} accept="audio/*,.mid,.midi" onFile={send} />
          </div>
          <p role="status" className="text-12 text-quiet">
            {recording.state === 'failed' ? recording.message : t.states[recording.state]}
          </p>
        </section>
        <section className="flex flex-col items-start gap-3 rounded-md border border-line p-4">
          <h2 className="text-20">{t.tap}</h2>
          <p className="text-quiet">{t.tapHint}</p>
          <button
            type="button"
            onPointerDown={tap}
            onKeyDown={press}
            className="flex min-h-24 w-full touch-manipulation items-center justify-center gap-2 rounded-md border border-edge bg-panel text-16 font-medium select-none active:bg-tint"
          >
            <Music size={20} aria-hidden />
            {t.tapHere}
          </button>
          <p role="status">{t.taps(count)}</p>
          <div className="flex flex-wrap gap-2">
            <Button
              tone="primary"
              disabled={count < FEWEST_TAPS}
              onClick={() => {
                setWay('tapped');
                hummed.stop();
                setStopped(false);
                setAsked(tapTimes(taps));
              }}
            >
              {t.find}
            </Button>
            <Button disabled={count === 0} onClick={() => setTaps(NO_TAPS)}>
              <RotateCcw size={16} aria-hidden />
              {t.again}
            </Button>
          </div>
        </section>
      </div>
      {way === 'none' ? (
        <EmptyState title={t.empty} hint={t.emptyHint} icon={Mic} />
      ) : way === 'hummed' ? (
        hummed.error !== undefined ? (
          <ErrorState message={hummed.error} />
        ) : hummed.answer ? (
          <LikeAnswer
            answer={hummed.answer}
            isGoingOn={hummed.isGoingOn}
            onStop={hummed.stop}
            onGoOn={hummed.goOn}
          />
        ) : (
          <SkeletonList count={6} className="h-16" />
        )
      ) : tapped.isError ? (
        <ErrorState message={errorMessage(tapped.error)} onRetry={() => void tapped.refetch()} />
      ) : tapped.data ? (
        <LikeAnswer
          answer={tapped.data}
          busy={tapped.isPlaceholderData}
          isGoingOn={tapped.data.isMore && !isStopped}
          onStop={() => setStopped(true)}
          onGoOn={() => {
            setStopped(false);
            void tapped.refetch();
          }}
        />
      ) : (
        <SkeletonList count={6} className="h-16" />
      )}
    </div>
  );
}
