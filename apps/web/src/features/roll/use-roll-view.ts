'use client';
import { useCallback, useEffect, useState, type RefObject } from 'react';
import { clampView, firstView, followView, wholeView, zoomView, type View } from './geometry.ts';

export interface RollView {
  readonly view: View;
  readonly following: boolean;
  readonly setFollowing: (following: boolean) => void;
  readonly zoom: (factor: number, at?: number) => void;
  readonly pan: (seconds: number) => void;
  readonly showFrom: (seconds: number) => void;
  readonly showAll: () => void;
  /** Keeps the playhead on view. */
  readonly follow: (position: number) => void;
}

const WHEEL_STEP = 1.2;

/** The part of the piece on view, and every way to change it. Panning by hand stops following. */
export function useRollView(seconds: number, whole: boolean): RollView {
  const [view, setView] = useState<View>(() => (whole ? wholeView(seconds) : firstView(seconds)));
  const [following, setFollowing] = useState(true);
  const [length, setLength] = useState(seconds);
  if (length !== seconds) {
    setLength(seconds);
    setView(whole ? wholeView(seconds) : firstView(seconds));
  }

  const zoom = useCallback(
    (factor: number, at?: number) =>
      setView((now) => zoomView(now, factor, at ?? now.from + now.span / 2, seconds)),
    [seconds],
  );
  const pan = useCallback(
    (by: number) => {
      setFollowing(false);
      setView((now) => clampView({ from: now.from + by, span: now.span }, seconds));
    },
    [seconds],
  );
  const showFrom = useCallback(
    (from: number) => {
      setFollowing(false);
      setView((now) => clampView({ from, span: now.span }, seconds));
    },
    [seconds],
  );
  const showAll = useCallback(() => setView(wholeView(seconds)), [seconds]);
  const follow = useCallback(
    (position: number) => setView((now) => followView(now, position, seconds)),
    [seconds],
  );

  return { view, following, setFollowing, zoom, pan, showFrom, showAll, follow };
}

/** Wheel over the roll: with Ctrl it zooms around the pointer, sideways it pans. */
export function useWheel(ref: RefObject<HTMLElement | null>, roll: RollView): void {
  const { view, zoom, pan } = roll;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const turn = (event: WheelEvent): void => {
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const { left, width } = element.getBoundingClientRect();
        const at = view.from + ((event.clientX - left) / width) * view.span;
        zoom(event.deltaY > 0 ? WHEEL_STEP : 1 / WHEEL_STEP, at);
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        pan((sideways / element.clientWidth) * view.span);
      }
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [ref, view, zoom, pan]);
}
