import { expect, it } from 'vitest';
import { AudioClock } from './audio-clock.ts';

it('runs with the source, stands still, and runs on from there', () => {
  const clock = new AudioClock();
  const source = { currentTime: 10 };
  clock.run(source);
  source.currentTime = 12.5;
  expect(clock.read(source)).toBe(2.5);
  clock.stand(source);
  source.currentTime = 20;
  expect(clock.read(source)).toBe(2.5);
  clock.run(source);
  source.currentTime = 21;
  expect(clock.read(source)).toBe(3.5);
});

it('jumps while running and while standing', () => {
  const clock = new AudioClock();
  const source = { currentTime: 5 };
  clock.set(30, source);
  expect([clock.read(source), clock.running]).toEqual([30, false]);
  clock.run(source);
  source.currentTime = 6;
  clock.set(7, source);
  source.currentTime = 8;
  expect(clock.read(source)).toBe(9);
});

it('tells what is heard, not what was sent, and never less than the start', () => {
  const clock = new AudioClock();
  const source = { currentTime: 0, outputLatency: 0.2 };
  clock.run(source);
  source.currentTime = 0.1;
  expect(clock.read(source)).toBe(0);
  source.currentTime = 1.2;
  expect(clock.read(source)).toBeCloseTo(1, 12);
});
