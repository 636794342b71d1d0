import { chordTones, createScore, createTrack, type Chord, type Note, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { instrumentRange } from '../instrument-ranges.ts';
import { arrangeLeadSheet } from './arrange.ts';
import { createTakeDrummer, createPatternDrummer } from './drummer.ts';
import { leadSheetOf, simplifyChord, type LeadSheet } from './lead-sheet.ts';
import { parsePattern } from './pattern.ts';
import { ARRANGED_STYLES } from './style-rules.ts';
import { STYLE_RULES } from './styles.ts';
import { nearestPitch, voiceChord } from './voicing.ts';
import { createRng } from '@attune/core';

const BAR = 1920;

/** Two bars each of C, Am, Dm7 and G7, twice; the melody holds a chord tone a bar. */
function sheetOf(numerator = 4): LeadSheet {
  const bar = numerator * 480;
  const symbols = ['C', 'Am', 'Dm7', 'G7', 'C', 'Am', 'Dm7', 'G7'];
  return leadSheetOf(
    createScore({
      ticksPerQuarter: 480,
      meters: [{ tick: 0, numerator, denominator: 4 }],
      keys: [{ tick: 0, fifths: 0, mode: 'major' }],
      tracks: [
        createTrack({
          name: 'tune',
          notes: Array.from({ length: 16 }, (_, i): Note => ({
            start: i * bar,
            duration: bar,
            pitch: [72, 69, 74, 71][(i >> 1) % 4]!,
            velocity: 80,
          })),
        }),
      ],
      texts: symbols.map((symbol, i) => ({ tick: 2 * i * bar, kind: 'marker', text: `chord:${symbol}` })),
    }),
  );
}

const trackOf = (score: Score, name: string): readonly Note[] =>
  score.tracks.find((track) => track.name === name)!.notes;

describe('lead sheets', () => {
  it('are read from markers and the first track that is not the chords', () => {
    const sheet = sheetOf();
    expect(sheet.bars).toBe(16);
    expect(sheet.chords.map(({ start, end }) => [start, end]).slice(0, 2)).toEqual([
      [0, 2 * BAR],
      [2 * BAR, 4 * BAR],
    ]);
    expect(sheet.melody).toHaveLength(16);
  });
  it('keep the function of colours that have no quality', () => {
    const name = (symbol: string): string | undefined => {
      const chord = simplifyChord(symbol);
      return chord && `${chord.root} ${chord.quality} ${chord.bass}`;
    };
    expect(['Gaug7', 'C6', 'Cdim', 'F#m9', 'Bb/D', 'Am7b5', 'Ebmaj9', 'D13', 'Csus', 'N.C.', 'H7', 'Cxyz'].map(name)).toEqual([
      '7 7 7', '0 maj 0', '0 dim 0', '6 min7 6', '10 maj 2', '9 hdim7 9', '3 maj7 3', '2 7 2', '0 sus4 0',
      undefined, undefined, undefined,
    ]); // prettier-ignore
  });
  it('need a melody, chords and one meter', () => {
    expect(() => leadSheetOf(createScore())).toThrow(/no melody/);
    const notes = [{ start: 0, duration: 4 * BAR, pitch: 60, velocity: 80 }];
    expect(() => leadSheetOf(createScore({ tracks: [createTrack({ notes })] }))).toThrow(/no chord/);
    const meters = [
      { tick: 0, numerator: 4, denominator: 4 },
      { tick: BAR, numerator: 3, denominator: 4 },
    ];
    const texts = [{ tick: 0, kind: 'marker' as const, text: 'chord:C' }];
    expect(() => leadSheetOf(createScore({ tracks: [createTrack({ notes })], meters, texts }))).toThrow(
      /meter at bar 2/,
    );
  });
});

describe('patterns', () => {
  it('are strokes with their lengths', () => {
    expect(parsePattern('R-..5')).toEqual([
      { symbol: 'R', step: 0, steps: 2 },
      { symbol: '5', step: 4, steps: 1 },
    ]);
    expect(() => parsePattern('.-R')).toThrow(/holds at step 1/);
  });
  it('of every style fill a bar with symbols that are known', () => {
    for (const rules of Object.values(STYLE_RULES)) {
      for (const [patterns, symbols] of [
        [rules.bassPatterns, /^[R3578a.-]+$/],
        [rules.compingPatterns, /^[CsP1234.-]+$/],
      ] as const) {
        for (const length of [16, 12] as const) {
          for (const pattern of patterns[length] ?? []) {
            expect(pattern).toMatch(symbols);
            expect(pattern).toHaveLength(length);
            expect(() => parsePattern(pattern)).not.toThrow();
          }
        }
      }
      for (const beat of rules.beats)
        for (const pattern of Object.values(beat)) expect(pattern).toMatch(/^[xXo.]{16}$/);
    }
  });
});

describe('voicing', () => {
  it('takes the nearest pitch of a class', () => {
    expect([0, 6, 7, 11, 1].map((pitchClass) => nearestPitch(pitchClass, 60))).toEqual([60, 54, 55, 59, 61]);
  });
  it('keeps chords close around their centre', () => {
    expect(voiceChord(simplifyChord('C')!, 60)).toEqual([55, 60, 64]);
    expect(voiceChord(simplifyChord('Dm7')!, 60)).toEqual([57, 60, 62, 65]);
  });
});

describe.each(ARRANGED_STYLES)('an arrangement in %s', (style) => {
  const sheet = sheetOf();
  const chordAt = (bars: number, tick: number): Chord => {
    const inTune = (((tick - bars * BAR) % (16 * BAR)) + 16 * BAR) % (16 * BAR);
    return sheet.chords.find(({ start, end }) => inTune >= start && inTune < end)!.chord!;
  };
  const scores = [1, 2, 3, 4, 5].map((seed) => arrangeLeadSheet(sheet, { style, seed }));

  it('is the same for the same seed, and seeds differ', () => {
    expect(arrangeLeadSheet(sheet, { style, seed: 1 })).toEqual(scores[0]);
    expect(scores[1]).not.toEqual(scores[0]);
  });
  it('has every melody note of each chorus, at most an eighth early, in the range of its instrument', () => {
    for (const score of scores) {
      const melody = trackOf(score, 'Melody');
      expect(melody.length === 16 || melody.length === 32).toBe(true);
      const [low, high] = instrumentRange(score.tracks.find(({ name }) => name === 'Melody')!.program);
      melody.forEach((note, i) => {
        const written = sheet.melody[i % 16]!;
        expect(note.pitch % 12).toBe(written.pitch % 12);
        expect(note.pitch >= low && note.pitch <= high).toBe(true);
        const early = (BAR - (note.start % BAR)) % BAR;
        expect([0, style === 'jazz' ? 160 : 240]).toContain(early); // a swung eighth is the third triplet
        expect(note.duration).toBe(written.duration + early);
      });
    }
  });
  it('plays chord tones: the root in the bass where a chord begins, comping and pad inside the chord', () => {
    for (const score of scores) {
      const total = Math.max(...trackOf(score, 'Bass').map(({ start }) => start)) / BAR; // the last chord's bar
      const intro = total % 16;
      for (const { start, pitch } of trackOf(score, 'Bass')) {
        if (start % (2 * BAR) === (intro % 2) * BAR && start < total * BAR)
          expect(pitch % 12).toBe(chordAt(intro, start).root);
      }
      for (const name of ['Comping', 'Pad']) {
        for (const { start, pitch } of score.tracks.find((track) => track.name === name)?.notes ?? []) {
          if (start >= total * BAR) continue;
          const chord = chordAt(intro, start);
          expect([...chordTones(chord), (chord.root + 7) % 12]).toContain(pitch % 12);
        }
      }
    }
  });
  it('has a tempo of the style, its form in whole bars, and drums on General MIDI keys', () => {
    for (const score of scores) {
      const [low, high] = STYLE_RULES[style].tempo;
      expect(score.tempos[0]!.bpm >= low && score.tempos[0]!.bpm <= high).toBe(true);
      for (const { pitch, velocity } of trackOf(score, 'Drums')) {
        expect(pitch >= 35 && pitch <= 81 && velocity >= 1 && velocity <= 127).toBe(true);
      }
    }
  });
  it('waltzes where the style has waltz patterns, and says so where not', () => {
    const waltz = sheetOf(3);
    if (STYLE_RULES[style].bassPatterns[12]) {
      const score = arrangeLeadSheet(waltz, { style, seed: 1 });
      expect(score.meters[0]).toMatchObject({ numerator: 3, denominator: 4 });
      expect(trackOf(score, 'Drums').length).toBeGreaterThan(0);
    } else
      expect(() => arrangeLeadSheet(waltz, { style, seed: 1 })).toThrow(`${style} is not arranged in 3/4`);
  });
});

describe('drummers from recordings', () => {
  const take = (pitch: number, bars: number, isFill: boolean) => ({
    isFill,
    score: createScore({
      ticksPerQuarter: 960,
      tracks: [
        createTrack({
          isDrum: true,
          notes: Array.from({ length: 4 * bars }, (_, i): Note => ({
            start: i * 960 + 10,
            duration: 20,
            pitch,
            velocity: 60 + i,
          })),
        }),
      ],
    }),
  });
  it('repeat four bars of a take and lead over with a fill, at the resolution asked for', () => {
    const drummer = createTakeDrummer([take(36, 4, false), take(47, 1, true)], createPatternDrummer([]));
    const notes = drummer(6, 480, 16, true, createRng(1));
    expect(notes.filter(({ pitch }) => pitch === 36)).toHaveLength(20);
    expect(notes.filter(({ pitch }) => pitch === 47).map(({ start }) => start)).toEqual(
      [0, 1, 2, 3].map((i) => 5 * BAR + i * 480 + 5),
    );
    expect(notes.find(({ start }) => start === 4 * BAR + 5)!.velocity).toBe(60);
  });
  it('leave other meters to the other drummer', () => {
    const drummer = createTakeDrummer([take(36, 4, false)], () => []);
    expect(drummer(4, 480, 12, false, createRng(1))).toEqual([]);
  });
});
