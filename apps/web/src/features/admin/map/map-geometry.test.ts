import { describe, expect, it } from 'vitest';
import {
  dragMap,
  markOf,
  nearestPoint,
  pointAt,
  pointTowards,
  showPoint,
  toScreen,
  WHOLE_MAP,
  zoomMap,
} from './map-geometry.ts';

const SIZE = { width: 400, height: 232 };
const CROSS = [{ x: 0, y: 0 }, { x: 0.5, y: 0.1 }, { x: -0.5, y: 0 }, { x: 0, y: 1 }, { x: 0.1, y: -0.2 }]; // prettier-ignore

describe('the map on the screen', () => {
  it('has its middle in the middle, up above, and fits the smaller side with a margin of 16', () => {
    expect(toScreen({ x: 0, y: 0 }, SIZE, WHOLE_MAP)).toEqual({ x: 200, y: 116 });
    expect(toScreen({ x: 1, y: 1 }, SIZE, WHOLE_MAP)).toEqual({ x: 300, y: 16 });
    expect(toScreen({ x: 0.5, y: 0 }, SIZE, { x: 0.5, y: 0, zoom: 3 })).toEqual({ x: 200, y: 116 });
  });

  it('finds the point under the pointer, and none in the open', () => {
    expect(pointAt(CROSS, { x: 252, y: 105 }, SIZE, WHOLE_MAP, 10)).toBe(1);
    expect(pointAt(CROSS, { x: 390, y: 220 }, SIZE, WHOLE_MAP, 10)).toBeNull();
    expect(pointAt([], { x: 0, y: 0 }, SIZE, WHOLE_MAP, 10)).toBeNull();
  });

  it('walks by arrows, and stays where nothing lies that way', () => {
    expect(pointTowards(CROSS, 0, 'ArrowRight')).toBe(1);
    expect(pointTowards(CROSS, 0, 'ArrowLeft')).toBe(2);
    expect(pointTowards(CROSS, 0, 'ArrowUp')).toBe(3);
    expect(pointTowards(CROSS, 0, 'ArrowDown')).toBe(4);
    expect(pointTowards(CROSS, 3, 'ArrowUp')).toBeNull();
    expect([pointTowards(CROSS, 99, 'ArrowUp'), pointTowards([], 0, 'ArrowUp')]).toEqual([0, null]);
  });

  it('goes on to the nearest that is wanted', () => {
    expect(nearestPoint(CROSS, 0, () => true)).toBe(4);
    expect(nearestPoint(CROSS, 0, (index) => index !== 4 && index !== 2)).toBe(1);
    expect(nearestPoint(CROSS, 0, () => false)).toBeNull();
  });

  it('zooms within bounds, is dragged like paper, and shows what was chosen', () => {
    expect(zoomMap(WHOLE_MAP, 0.5)).toEqual(WHOLE_MAP);
    expect(zoomMap({ x: 0.3, y: 0, zoom: 2 }, 0.5)).toEqual(WHOLE_MAP);
    expect(zoomMap(WHOLE_MAP, 1000).zoom).toBe(12);
    const dragged = dragMap(WHOLE_MAP, { x: 50, y: 20 }, SIZE);
    const { x, y } = toScreen({ x: 0, y: 0 }, SIZE, dragged);
    expect([x, y]).toEqual([250, 136]);
    expect(showPoint(WHOLE_MAP, { x: 1, y: 0 }, SIZE)).toBe(WHOLE_MAP);
    const close = { x: -1, y: 0, zoom: 4 };
    expect(showPoint(close, { x: 1, y: 0 }, SIZE)).toEqual({ x: 1, y: 0, zoom: 4 });
  });

  it('gives thirty-two labels a mark of their own', () => {
    const marks = Array.from({ length: 32 }, (_, index) => JSON.stringify(markOf(index)));
    expect(new Set(marks).size).toBe(32);
  });
});
