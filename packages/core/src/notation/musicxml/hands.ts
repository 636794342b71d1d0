import type { Note } from '../../score/score.ts';

/** Semitones that a hand takes without stretching (a tenth), and notes that it plays at once. */
const HAND_SPAN = 16;
const FINGERS = 5;
const LOWEST_SPLIT = 48;
const HIGHEST_SPLIT = 72;
const MIDDLE = 60;

/**
 * Parts keyboard notes between the hands by a split pitch that moves as little as it can (Viterbi over the
 * starts): a start costs what its notes stretch a hand beyond a tenth or five fingers, a hand left without
 * notes costs a little, and so does distance from middle C. Returns whether each note is the left hand's.
 */
export function isLeftHand(notes: readonly Note[]): boolean[] {
  const groups = groupByStart(notes);
  const splits = Array.from({ length: HIGHEST_SPLIT - LOWEST_SPLIT + 1 }, (_, i) => LOWEST_SPLIT + i);
  let costs = splits.map((split) => Math.abs(split - MIDDLE) * 0.5);
  const cameFrom: number[][] = [];
  for (const group of groups) {
    const before = costs;
    const from: number[] = [];
    costs = splits.map((split, i) => {
      let best = i;
      for (let j = 0; j < splits.length; j++)
        if (before[j]! + Math.abs(i - j) < before[best]! + Math.abs(i - best)) best = j;
      from.push(best);
      return before[best]! + Math.abs(i - best) + splitCost(group, split);
    });
    cameFrom.push(from);
  }
  let state = costs.indexOf(Math.min(...costs));
  const chosen = new Array<number>(groups.length);
  for (let g = groups.length - 1; g >= 0; g--) {
    chosen[g] = splits[state]!;
    state = cameFrom[g]![state]!;
  }
  return groups.flatMap((group, g) => group.map((note) => note.pitch < chosen[g]!));
}

function splitCost(group: readonly Note[], split: number): number {
  const left = group.filter((note) => note.pitch < split);
  const right = group.filter((note) => note.pitch >= split);
  const strain = [left, right].map((hand) => {
    if (hand.length === 0) return 0;
    const span = Math.max(...hand.map((note) => note.pitch)) - Math.min(...hand.map((note) => note.pitch));
    return 4 * Math.max(0, span - HAND_SPAN) + 8 * Math.max(0, hand.length - FINGERS);
  });
  // a lone hand strains less near its own half of the keyboard
  const misplaced = group.map(({ pitch }) =>
    pitch < split ? Math.max(0, pitch - MIDDLE - 4) : Math.max(0, MIDDLE - 5 - pitch),
  );
  return (
    strain[0]! + strain[1]! + 0.3 * misplaced.reduce((a, b) => a + b, 0) + 0.01 * Math.abs(split - MIDDLE)
  );
}

function groupByStart(notes: readonly Note[]): Note[][] {
  const groups: Note[][] = [];
  for (const note of notes) {
    const group = groups.at(-1);
    if (group?.[0]?.start === note.start) group.push(note);
    else groups.push([note]);
  }
  return groups;
}
