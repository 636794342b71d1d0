'use client';
import { useTheme } from 'next-themes';
import { useEffect, useState, type RefObject } from 'react';
import { readPalette, type Palette } from './draw.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size of an element in CSS pixels, as it changes; null until it is known. */
export function useSize(ref: RefObject<Element | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      // Nothing is drawn for an element without extent: a canvas of one pixel would be stretched over it later.
      if (!entry || entry.contentRect.width < 1 || entry.contentRect.height < 1) return;
      setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** The theme's colours as plain values, read again when the theme changes. */
export function usePalette(ref: RefObject<Element | null>): Palette | null {
  const { resolvedTheme } = useTheme();
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => {
    // After the class on <html> has changed.
    const frame = requestAnimationFrame(() => {
      if (ref.current) setPalette(readPalette(ref.current));
    });
    return () => cancelAnimationFrame(frame);
  }, [ref, resolvedTheme]);
  return palette;
}

/** Gives a canvas the pixels its size needs and returns a context that is measured in CSS pixels. */
export function prepare(canvas: HTMLCanvasElement | OffscreenCanvas, size: Size): CanvasRenderingContext2D {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}
