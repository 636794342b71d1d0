import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRollCoding, createVoiceCoding, NOT_CHARGED, REST, type FramePiece } from './frame-coding.ts';

const voice = fc.oneof(fc.constant(REST), fc.integer({ min: 40, max: 80 }));
const voicePieces = fc.array(fc.tuple(voice, voice, voice, voice), { minLength: 1, maxLength: 30 });
const rollPieces = fc.array(fc.uniqueArray(fc.integer({ min: 30, max: 100 }), { maxLength: 6 }), {
  minLength: 1,
  maxLength: 30,
});

describe.each([
  ['voices', createVoiceCoding(), voicePieces as fc.Arbitrary<FramePiece>],
  ['roll', createRollCoding(), rollPieces as fc.Arbitrary<FramePiece>],
])('the coding by %s', (_, coding, pieces) => {
  it('shows nothing of the frame to predict or of those after it', () => {
    fc.assert(
      fc.property(pieces, pieces, fc.nat(29), (piece, other, at) => {
        const index = at % piece.length;
        const changed = [...piece.slice(0, index), ...other];
        expect(coding.inputsOf(changed, index, 0)).toEqual(coding.inputsOf(piece, index, 0));
      }),
    );
  });

  it('keeps rows and values inside their sizes, in every key', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(...coding.shifts), (piece, shift) => {
        piece.forEach((frame, index) => {
          for (const row of coding.inputsOf(piece, index, shift)) {
            expect(row >= 0 && row < coding.inputRows).toBe(true);
          }
          coding.fieldsOf(frame, shift).forEach((value, k) => {
            expect(value === NOT_CHARGED || (value >= 0 && value < coding.fieldSizes[k]!)).toBe(true);
          });
        });
      }),
    );
  });

  it('tells every two different frames apart', () => {
    fc.assert(
      fc.property(pieces, (piece) => {
        const codes = new Map<string, string>();
        for (const frame of piece) {
          const sounds = JSON.stringify(coding.name === 'roll' ? [...frame].sort((a, b) => a - b) : frame);
          const code = JSON.stringify(coding.fieldsOf(frame, 0));
          expect(codes.get(code) ?? sounds).toBe(sounds);
          codes.set(code, sounds);
        }
      }),
    );
  });
});

describe('the roll coding', () => {
  const roll = createRollCoding(4);
  it('lists notes from the lowest, then the end, then nothing to charge', () => {
    expect(roll.fieldsOf([64, 60], 0)).toEqual([39, 43, 88, NOT_CHARGED, NOT_CHARGED]);
    expect(roll.fieldsOf([], 0)).toEqual([88, NOT_CHARGED, NOT_CHARGED, NOT_CHARGED, NOT_CHARGED]);
    expect(roll.fieldsOf([60], 2)).toEqual([41, 88, NOT_CHARGED, NOT_CHARGED, NOT_CHARGED]);
  });
  it('refuses more notes than it can tell, and notes off the keyboard', () => {
    expect(() => roll.fieldsOf([60, 61, 62, 63, 64], 0)).toThrow(/5 notes; at most 4/);
    expect(() => roll.fieldsOf([20], 0)).toThrow(/Pitch 20 is not on a keyboard/);
  });
});

describe('the voice coding', () => {
  const voices = createVoiceCoding(60, 62); // values 0, 1, 2, rest 3; 4: no such note yet
  it('knows how long each voice has stood and what it sang before', () => {
    const piece = [
      [60, 60, 60, REST],
      [62, 60, 60, REST],
      [62, 60, 61, REST],
    ];
    // rows: last 4 × 5, before 4 × 5, ages 4 × 18, phases 16
    const [last, before, ages, phases] = [0, 20, 40, 112];
    expect(new Set(voices.inputsOf(piece, 3, 0))).toEqual(
      new Set([
        phases + 3,
        ...[last + 2, before + 0, ages + 2], // 62 for two frames, 60 before
        ...[last + 5 + 0, before + 5 + 4, ages + 18 + 3],
        ...[last + 10 + 1, before + 10 + 0, ages + 36 + 1],
        ...[last + 15 + 3, before + 15 + 4, ages + 54 + 3],
      ]),
    );
  });
  it('refuses other numbers of voices', () => {
    expect(() => voices.fieldsOf([60, 61], 0)).toThrow(/2 voices; it must have 4/);
  });
});
