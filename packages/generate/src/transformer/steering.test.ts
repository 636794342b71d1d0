import { BAR, DURATION, FIELD_COUNT, FIELD_SIZES, INSTRUMENT, PITCH, POSITION } from '@attune/core/tokens';
import { describe, expect, it } from 'vitest';
import { DEFAULT_STEERING, Steering } from './steering.ts';

const state = { bar: 3, position: 24, instrument: 0, pitch: 60, ended: false };
const none = { mode: undefined, density: undefined, tension: undefined, wanted: [], barSteps: 96 };
const zeros = (field: number): Float32Array => new Float32Array(FIELD_SIZES[field]!);
function note(pitch: number, instrument = 0): number[] {
  const step = new Array<number>(FIELD_COUNT).fill(0);
  step[PITCH] = pitch;
  step[INSTRUMENT] = instrument;
  step[DURATION] = 12;
  return step;
}

describe('Steering', () => {
  it('changes nothing where nothing is wished', () => {
    const steering = new Steering(none);
    for (const field of [BAR, POSITION, INSTRUMENT, PITCH]) {
      const logits = zeros(field);
      steering.steer(field, logits, state, note(60));
      expect(logits.every((x) => x === 0)).toBe(true);
    }
  });

  it('holds the bar while notes are missing and lets it go when there are too many', () => {
    const push = (notes: number): number => {
      const steering = new Steering({ ...none, density: 2 });
      for (let i = 0; i < notes; i++) steering.hear(note(60), 0);
      const logits = zeros(BAR);
      steering.steer(BAR, logits, state, []);
      expect(logits.slice(1).every((x) => x === 0)).toBe(true);
      return logits[0]!;
    };
    // By the end of bar 3 of 4/4 two notes a quarter make 32.
    expect(push(20)).toBeGreaterThan(0.5);
    expect(push(48)).toBeLessThan(-0.5);
    expect(Math.abs(push(32))).toBeLessThan(0.2);
  });

  it('prefers near positions while notes are missing', () => {
    const steering = new Steering({ ...none, density: 8 });
    const logits = zeros(POSITION);
    steering.steer(POSITION, logits, state, [0]);
    expect(logits[24]).toBeCloseTo(0, 6);
    expect(logits[48]!).toBeLessThan(0);
    expect(logits[95]!).toBeLessThan(logits[48]!);
    expect(logits[0]).toBe(0); // before the present note: not legal anyway
  });

  it('calls for wanted instruments that have not played, the later the more', () => {
    const steering = new Steering({ ...none, wanted: [40, 42] });
    steering.hear(note(60, 40), 3);
    const logits = zeros(INSTRUMENT);
    steering.steer(INSTRUMENT, logits, state, [0, 24]);
    expect(logits[42]).toBeCloseTo(3 * DEFAULT_STEERING.missing, 6);
    expect(logits[40]).toBe(0);
  });

  it('calls back instruments that fell silent, after a bar of rest, up to a bound', () => {
    const push = (bar: number): number => {
      const steering = new Steering({ ...none, wanted: [40], strengths: { silent: 2, silentMost: 5 } });
      steering.hear(note(60, 40), 0);
      const logits = zeros(INSTRUMENT);
      steering.steer(INSTRUMENT, logits, { ...state, bar }, [0, 24]);
      return logits[40]!;
    };
    expect([0, 1, 2, 3, 4, 9].map(push)).toEqual([0, 0, 2, 4, 5, 5]);
  });

  it('pulls to the tones of the key, harder when another key is heard, and not on drums', () => {
    const steering = new Steering({ ...none, mode: 'minor' });
    const pull = (): number => {
      const logits = zeros(PITCH);
      steering.steer(PITCH, logits, state, note(0));
      return logits[69]! - logits[70]!; // A against B flat, in A minor
    };
    const before = pull();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 16; i++) steering.hear(note([62, 66, 69, 73][i % 4]!), 0); // D major seventh
    expect(pull()).toBeGreaterThan(2 * before);
    const drums = zeros(PITCH);
    steering.steer(PITCH, drums, state, note(160, 128));
    expect(drums.every((x) => x === 0)).toBe(true);
  });
});
