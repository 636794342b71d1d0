'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Listening, prepareListening } from '@/features/compose/listen.ts';
import { useBrowserPlayer } from '@/features/player/player-provider.tsx';
import { strings } from '@/strings/index.ts';
import type { DevicePiece, DeviceProgress, DeviceRequest, DeviceTask } from './composer-protocol.ts';
import { Cancelled, DeviceComposer } from './device-composer.ts';

/** The request of the Studio, with its source still a track. */
export interface DeviceWish extends Omit<DeviceRequest, 'task' | 'seed'> {
  readonly seed?: number;
  readonly task?: (Omit<DeviceTask, 'midi'> & { readonly sourceTrackId: string }) | undefined;
}

/** Where composing on this device stands, as the page shows it. */
export type DeviceState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'loading'; readonly done: number; readonly all: number }
  | { readonly phase: 'writing'; readonly progress: DeviceProgress | null; readonly seed: number }
  | {
      readonly phase: 'done';
      readonly piece: DevicePiece;
      readonly id: string;
      readonly task: DeviceWish['task'];
      readonly replay: () => void;
    }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'failed'; readonly message: string };

export interface DeviceComposing {
  readonly state: DeviceState;
  /** `bars`: how many there will be, for a guess at the length. */
  readonly start: (wish: DeviceWish, version: string, bars: number) => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
}

const SEEDS = 2 ** 31;
let composer: DeviceComposer | null = null;
let pieces = 0;

/** One piece from the listener's own machine, from the press to its last bar; it is heard while it is written. */
export function useDevice(): DeviceComposing {
  const browser = useBrowserPlayer();
  const [state, setState] = useState<DeviceState>({ phase: 'idle' });
  const loading = useRef<AbortController | null>(null);

  const run = useCallback(
    async (wish: DeviceWish, version: string, bars: number, signal: AbortSignal) => {
      const own = (composer ??= new DeviceComposer());
      const { task, seed = crypto.getRandomValues(new Uint32Array(1))[0]! % SEEDS, ...rest } = wish;
      setState({ phase: 'loading', done: 0, all: 0 });
      await own.load(version, (done, all) => setState({ phase: 'loading', done, all }), signal);
      const given = task && (await fetchSource(task, signal));
      if (signal.aborted) throw new Cancelled();
      setState({ phase: 'writing', progress: null, seed });
      const id = `device-${++pieces}`;
      const listening = new Listening(browser, id);
      try {
        const piece = await own.compose({ ...rest, seed, ...(given && { task: given }) }, (progress) => {
          setState({ phase: 'writing', progress, seed });
          const { roll, ready } = progress;
          listening.write({ roll, ready, bars: progress.bars, allBars: bars, take: 1 });
        });
        listening.complete(piece.roll, null);
        setState({ phase: 'done', piece, id, task, replay: () => listening.replay() });
      } catch (error) {
        listening.fail(strings.compose.cancelled);
        throw error;
      }
    },
    [browser],
  );

  const start = useCallback(
    (wish: DeviceWish, version: string, bars: number) => {
      prepareListening(browser, []);
      const controller = new AbortController();
      loading.current = controller;
      run(wish, version, bars, controller.signal).catch((error: unknown) => {
        const stopped = error instanceof Cancelled || controller.signal.aborted;
        setState(stopped ? { phase: 'cancelled' } : { phase: 'failed', message: messageOf(error) });
      });
    },
    [browser, run],
  );
  const cancel = useCallback(() => {
    loading.current?.abort();
    composer?.cancel();
  }, []);
  useEffect(() => cancel, [cancel]);
  return { state, start, cancel, dismiss: useCallback(() => setState({ phase: 'idle' }), []) };
}

async function fetchSource(task: NonNullable<DeviceWish['task']>, signal: AbortSignal): Promise<DeviceTask> {
  const { sourceTrackId, ...rest } = task;
  const response = await fetch(`/api/tracks/${sourceTrackId}/midi`, { signal }).catch(() => null);
  if (!response?.ok) throw new Error(strings.device.failed.source);
  return { ...rest, midi: new Uint8Array(await response.arrayBuffer()) } as DeviceTask;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : strings.device.failed.broken;
}
