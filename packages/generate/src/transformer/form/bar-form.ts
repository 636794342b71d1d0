/** Sections of a piece, bar by bar. */
export interface BarForm {
  /** Letter of the section, 0 = A. [bars] */
  readonly section: readonly number[];
  /** Bar within its section, from 0. [bars] */
  readonly inSection: readonly number[];
  /** Bars of the section that follow this one; 0: the phrase ends here. [bars] */
  readonly leftInSection: readonly number[];
  /** How many bars earlier the same music stands; 0: this bar is new. [bars] */
  readonly back: readonly number[];
}

/** Distances in bars that are told apart; others share the last bucket. */
const DISTANCES = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64] as const;
export const RETURN_DISTANCES = DISTANCES.length + 1;

/** 0 for new music, then the place of the distance among those told apart; the last: any other. */
export function distanceBucket(bars: number): number {
  if (bars === 0) return 0;
  const at = (DISTANCES as readonly number[]).indexOf(bars);
  return at < 0 ? RETURN_DISTANCES : at + 1;
}

/** A form of sections of equal length with one letter each; the last is cut where the piece ends. */
export function formOfLetters(letters: readonly number[], sectionBars: number, bars: number): BarForm {
  const section: number[] = [];
  const inSection: number[] = [];
  const leftInSection: number[] = [];
  const back: number[] = [];
  for (let bar = 0; bar < bars; bar++) {
    const index = Math.min(letters.length - 1, Math.floor(bar / sectionBars));
    const first = index * sectionBars;
    const end = index === letters.length - 1 ? bars : first + sectionBars;
    const earlier = letters.lastIndexOf(letters[index]!, index - 1);
    section.push(letters[index]!);
    inSection.push(bar - first);
    leftInSection.push(end - 1 - bar);
    const isCopied = index > 0 && earlier >= 0 && bar - first < sectionBars;
    back.push(isCopied ? (index - earlier) * sectionBars : 0);
  }
  return { section, inSection, leftInSection, back };
}

/** The form as one sees it who knows the bars from `first` on: what returns from before is new. */
export function visibleFrom(form: BarForm, first: number): BarForm {
  if (first === 0) return form;
  return { ...form, back: form.back.map((back, bar) => (bar - back < first ? 0 : back)) };
}
