import {
  AttuneError,
  createRng,
  createScore,
  type Chord,
  type MidiPitch,
  type Note,
  type Rng,
  type Score,
  type Tick,
  type TrackParts,
} from '@attune/core';
import { instrumentRange } from '../instrument-ranges.ts';
import { createPatternDrummer, type Drummer } from './drummer.ts';
import type { LeadSheet } from './lead-sheet.ts';
import { parsePattern } from './pattern.ts';
import { CRASH, stepsOfMeter, type ArrangedStyle, type StyleRules } from './style-rules.ts';
import { STYLE_RULES } from './styles.ts';
import { bassClass, nearestPitch, voiceChord } from './voicing.ts';

/** What the arrangement is made in, and by whom it is played. */
export interface ArrangeOptions {
  readonly style: ArrangedStyle;
  /** Chooses instruments, patterns, tempo and form. */
  readonly seed: number;
  /** Who plays the drums; default: textbook beats of the style. */
  readonly drummer?: Drummer;
}

/** A stretch of bars that is played one way. */
interface Section {
  /** First bar of the lead sheet, and how many of its bars. */
  readonly from: number;
  readonly bars: number;
  readonly hasMelody: boolean;
  readonly hasPad: boolean;
  readonly bass: string;
  readonly comping: string;
}

const BASS_CENTRE = 40;
const COMPING_CENTRE = 60;
const PAD_CENTRE = 64;

/**
 * Writes a band around a lead sheet: bass, comping, pad and drums by the textbook patterns of a style, with an
 * introduction, the tune once or twice (fuller the second time) and a last chord. The same seed gives the same
 * arrangement. Throws `argument/invalid` for a meter that the style does not play (4/4, 2/2 and, in some, 3/4).
 */
export function arrangeLeadSheet(sheet: LeadSheet, options: ArrangeOptions): Score {
  const rules = STYLE_RULES[options.style];
  const steps = stepsOfMeter(sheet.meter);
  const bassPatterns = steps && rules.bassPatterns[steps];
  const compingPatterns = steps && rules.compingPatterns[steps];
  if (!steps || !bassPatterns || !compingPatterns) {
    const { numerator, denominator } = sheet.meter;
    throw new AttuneError(
      'argument/invalid',
      `${options.style} is not arranged in ${numerator}/${denominator}.`,
      {
        meter: `${numerator}/${denominator}`,
      },
    );
  }
  const rng = createRng(options.seed).fork(`arrange ${options.style}`);
  const pick = <T>(items: readonly T[]): T => items[rng.integer(items.length)]!;
  const programs = {
    melody: pick(rules.melody),
    bass: pick(rules.bass),
    comping: pick(rules.comping),
    pad: pick(rules.pad),
  };
  const bpm = Math.round(rules.tempo[0] + rng.uniform() * (rules.tempo[1] - rules.tempo[0]));
  const sections = planSections(
    sheet,
    rules,
    () => ({ bass: pick(bassPatterns), comping: pick(compingPatterns) }),
    rng,
  );
  const band = new Band(sheet, steps);
  const drummer = options.drummer ?? createPatternDrummer(rules.beats);
  const parts = {
    melody: [] as Note[],
    bass: [] as Note[],
    comping: [] as Note[],
    pad: [] as Note[],
    drums: [] as Note[],
  };
  let bar = 0;
  sections.forEach((section, i) => {
    const at = bar * band.ticksPerBar;
    if (section.hasMelody)
      parts.melody.push(...band.melody(section, at, rules.anticipation, programs.melody, rng));
    parts.bass.push(...band.bass(section, at));
    parts.comping.push(...band.comping(section, at));
    if (section.hasPad) parts.pad.push(...band.pad(section, at));
    const drums = drummer(section.bars, sheet.ticksPerQuarter, steps, i + 1 < sections.length, rng);
    parts.drums.push(...drums.map((note) => ({ ...note, start: note.start + at })));
    bar += section.bars;
  });
  band.ending(parts, bar * band.ticksPerBar);
  const track = (name: string, program: number, notes: Note[]): TrackParts => ({
    name,
    program,
    notes: rules.swings ? notes.map((note) => swing(note, sheet.ticksPerQuarter)) : notes,
  });
  return createScore({
    ticksPerQuarter: sheet.ticksPerQuarter,
    tempos: [{ tick: 0, bpm }],
    meters: [{ tick: 0, ...sheet.meter }],
    keys: sheet.key ? [{ ...sheet.key, tick: 0 }] : [],
    tracks: [
      track('Melody', programs.melody, parts.melody),
      track('Comping', programs.comping, parts.comping),
      track('Pad', programs.pad, parts.pad),
      track('Bass', programs.bass, parts.bass),
      { name: 'Drums', isDrum: true, notes: parts.drums },
    ].filter(({ notes }) => notes!.length > 0),
  });
}

/** Introduction from the last bars of the tune, then choruses in halves, so that patterns change within the tune. */
function planSections(
  sheet: LeadSheet,
  rules: StyleRules,
  patterns: () => { bass: string; comping: string },
  rng: Rng,
): Section[] {
  const sections: Section[] = [];
  const intro = Math.min(sheet.bars, rng.uniform() < 0.7 ? 4 : 2);
  sections.push({ from: sheet.bars - intro, bars: intro, hasMelody: false, hasPad: false, ...patterns() });
  const choruses = sheet.bars <= 24 || rng.uniform() < 0.4 ? 2 : 1;
  const verse = patterns();
  const bridge = patterns();
  for (let chorus = 0; chorus < choruses; chorus++) {
    const hasPad = chorus > 0 || rng.uniform() < rules.padChance;
    const half = sheet.bars >= 16 ? Math.ceil(sheet.bars / 2 / 4) * 4 : sheet.bars;
    sections.push({ from: 0, bars: half, hasMelody: true, hasPad, ...verse });
    if (half < sheet.bars) {
      sections.push({ from: half, bars: sheet.bars - half, hasMelody: true, hasPad, ...bridge });
    }
  }
  return sections;
}

/** Writes the parts of sections of one lead sheet; `at` is where a section begins in the arrangement. */
class Band {
  readonly ticksPerBar: Tick;
  private readonly sheet: LeadSheet;
  private readonly step: Tick;

  constructor(sheet: LeadSheet, stepsPerBar: number) {
    this.sheet = sheet;
    this.step = sheet.ticksPerQuarter / 4;
    this.ticksPerBar = stepsPerBar * this.step;
  }

  melody(section: Section, at: Tick, anticipation: number, program: number, rng: Rng): Note[] {
    const { from, to } = this.spanOf(section);
    const [low, high] = instrumentRange(program);
    const notes = this.sheet.melody.filter(({ start }) => start >= from && start < to);
    const fold = (pitch: MidiPitch): MidiPitch => {
      let folded = pitch;
      while (folded < low && folded + 12 <= high) folded += 12;
      while (folded > high && folded - 12 >= low) folded -= 12;
      return folded;
    };
    const eighth = 2 * this.step;
    return notes.map((note, i) => {
      const before = notes[i - 1];
      const gap = before ? note.start - before.start : Infinity;
      const isStrong = (note.start - from) % (4 * this.step) === 0 && note.start > from;
      const early = isStrong && gap >= 2 * eighth && rng.uniform() < anticipation ? eighth : 0;
      return {
        ...note,
        pitch: fold(note.pitch),
        velocity: 92,
        start: note.start - from + at - early,
        duration: note.duration + early,
      };
    });
  }

  bass(section: Section, at: Tick): Note[] {
    const notes: Note[] = [];
    let last = BASS_CENTRE;
    this.eachStroke(section, section.bass, (symbol, tick, duration, chord, next, isFirst) => {
      const target =
        symbol === 'a' && next ? approach(next, last) : nearestPitch(bassClass(symbol, chord, isFirst), last);
      const pitch = symbol === '8' ? intoBass(nearestPitch(chord.root, last) + 12) : intoBass(target);
      // an octave leaves the line where it was; otherwise it is drawn back to the middle, so that it does not drift
      if (symbol !== '8') last = Math.round((2 * pitch + BASS_CENTRE) / 3);
      notes.push({ start: at + tick, duration, pitch, velocity: isFirst ? 92 : 82 });
    });
    return notes;
  }

  comping(section: Section, at: Tick): Note[] {
    const notes: Note[] = [];
    this.eachStroke(section, section.comping, (symbol, tick, duration, chord) => {
      const voices = voiceChord(chord, COMPING_CENTRE);
      const play = (pitch: MidiPitch, length: Tick): void => {
        notes.push({
          start: at + tick,
          duration: length,
          pitch,
          velocity: tick % this.ticksPerBar === 0 ? 80 : 70,
        });
      };
      if (symbol === 'C') for (const pitch of voices) play(pitch, duration);
      else if (symbol === 's')
        for (const pitch of voices) play(pitch, Math.max(1, Math.round(this.step * 0.6)));
      else if (symbol === 'P') {
        const root = nearestPitch(chord.root, 45);
        for (const pitch of [root, root + 7, root + 12]) play(pitch, duration);
      } else play([...voices, voices[0]! + 12][Number(symbol) - 1] ?? voices[0]!, duration);
    });
    return notes;
  }

  /** Whole chords, each voice going to the nearest tone. */
  pad(section: Section, at: Tick): Note[] {
    const { from, to } = this.spanOf(section);
    return this.sheet.chords.flatMap(({ start, end, chord }) => {
      const [a, b] = [Math.max(start, from), Math.min(end, to)];
      if (!chord || b <= a) return [];
      return voiceChord(chord, PAD_CENTRE).map((pitch) => ({
        start: at + a - from,
        duration: b - a,
        pitch,
        velocity: 58,
      }));
    });
  }

  /** One more bar: the tune's last chord, struck together and held. */
  ending(parts: Readonly<Record<'melody' | 'bass' | 'comping' | 'pad' | 'drums', Note[]>>, at: Tick): void {
    const chord = this.sheet.chords.at(-1)!.chord!;
    const held = (pitch: MidiPitch, velocity: number): Note => ({
      start: at,
      duration: this.ticksPerBar,
      pitch,
      velocity,
    });
    parts.bass.push(held(intoBass(nearestPitch(chord.root, BASS_CENTRE)), 92));
    for (const pitch of voiceChord(chord, COMPING_CENTRE)) parts.comping.push(held(pitch, 80));
    if (parts.pad.length > 0)
      for (const pitch of voiceChord(chord, PAD_CENTRE)) parts.pad.push(held(pitch, 58));
    if (parts.drums.length > 0)
      parts.drums.push(
        { ...held(CRASH, 104), duration: this.step },
        { ...held(36, 100), duration: this.step },
      );
  }

  private spanOf({ from, bars }: Section): { readonly from: Tick; readonly to: Tick } {
    return { from: from * this.ticksPerBar, to: (from + bars) * this.ticksPerBar };
  }

  /** Every stroke of a pattern over the section's chords, cut where the chord changes; nothing where there is none. */
  private eachStroke(
    section: Section,
    pattern: string,
    play: (
      symbol: string,
      tick: Tick,
      duration: Tick,
      chord: Chord,
      next: Chord | undefined,
      isFirst: boolean,
    ) => void,
  ): void {
    const { from } = this.spanOf(section);
    const strokes = parsePattern(pattern);
    for (let bar = 0; bar < section.bars; bar++) {
      for (const { symbol, step, steps } of strokes) {
        const tick = bar * this.ticksPerBar + step * this.step;
        const index = this.sheet.chords.findIndex(
          ({ start, end }) => from + tick >= start && from + tick < end,
        );
        const span = this.sheet.chords[index];
        if (!span?.chord) continue;
        const room = span.end - from - tick;
        const isFirst = step === 0 || from + tick - span.start < 4 * this.step;
        play(
          symbol,
          tick,
          Math.min(steps * this.step, room),
          span.chord,
          this.sheet.chords[index + 1]?.chord,
          isFirst,
        );
      }
    }
  }
}

/** Moves what begins or ends on the second eighth of a beat to the third triplet. */
function swing(note: Note, ticksPerQuarter: Tick): Note {
  const late = (tick: Tick): Tick =>
    2 * (tick % ticksPerQuarter) === ticksPerQuarter ? tick + Math.round(ticksPerQuarter / 6) : tick;
  const start = late(note.start);
  return { ...note, start, duration: Math.max(1, late(note.start + note.duration) - start) };
}

/** A semitone under or over the next root, whichever is nearer to where the bass is. */
function approach(next: Chord, last: MidiPitch): MidiPitch {
  const target = nearestPitch(next.bass, last);
  return last < target ? target - 1 : target + 1;
}

const LOWEST_BASS = 28;
const HIGHEST_BASS = 52;

function intoBass(pitch: MidiPitch): MidiPitch {
  let folded = pitch;
  while (folded < LOWEST_BASS) folded += 12;
  while (folded > HIGHEST_BASS) folded -= 12;
  return folded;
}
