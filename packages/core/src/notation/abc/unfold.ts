import type { AbcBudget } from './limits.ts';
import type { VoiceEvent } from './voice.ts';

/** The events of a voice in playing order: parts in the order of the header, repeats and endings played out. */
export function unfoldVoice(
  events: readonly VoiceEvent[],
  partOrder: readonly string[] | undefined,
  budget: AbcBudget,
): VoiceEvent[] {
  const sections = splitParts(events);
  if (!partOrder || !sections.some(({ label }) => label !== undefined && partOrder.includes(label)))
    return sections.flatMap((section) => playRepeats(section.events, budget));
  const intro = sections.filter(({ label }) => label === undefined);
  const inOrder = partOrder.flatMap((label) => sections.filter((section) => section.label === label));
  return [...intro, ...inOrder].flatMap((section) => playRepeats(section.events, budget));
}

interface Section {
  readonly label: string | undefined;
  readonly events: VoiceEvent[];
}

function splitParts(events: readonly VoiceEvent[]): Section[] {
  const sections: Section[] = [{ label: undefined, events: [] }];
  for (const event of events) {
    if (event.kind === 'part') sections.push({ label: event.label.trim(), events: [event] });
    else sections.at(-1)!.events.push(event);
  }
  return sections;
}

/**
 * Plays one section. A repeat goes back to `|:`, or without one to the last double bar or the end of the last
 * repeat, or to the start (§ 4.8). Endings are played in their passes; a group of endings has as many passes
 * as its highest number.
 */
function playRepeats(events: readonly VoiceEvent[], budget: AbcBudget): VoiceEvent[] {
  const played: VoiceEvent[] = [];
  let start = 0;
  let isOpen = false; // since a |:
  let inEnding = false;
  let pass = 1;
  let passes = 1;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    budget.addStep(event.line);
    if (event.kind !== 'bar') {
      played.push(event);
      continue;
    }
    const isLastPass = pass >= passes;
    if (event.repeats > 0) {
      // a repeat sign under endings may be written at the last one too
      if (pass === 1) passes = Math.max(event.repeats + 1, highestEnding(events, start));
      if (pass < passes) {
        played.push({ ...event, endings: [], startsRepeat: false });
        pass++;
        inEnding = false;
        i = start - 1;
        continue;
      }
      [start, isOpen, inEnding, pass, passes] = [i + 1, false, false, 1, 1];
    } else if (event.isDouble && isLastPass && (!isOpen || (inEnding && passes > 1)))
      [start, isOpen, inEnding, pass, passes] = [i + 1, false, false, 1, 1];
    if (event.startsRepeat) [start, isOpen, inEnding, pass, passes] = [i + 1, true, false, 1, 1];
    played.push(event);
    inEnding ||= event.endings.length > 0;
    if (event.endings.length > 0 && !event.endings.includes(pass)) {
      const next = findEnding(events, i + 1, pass);
      if (next !== undefined) i = next;
    }
  }
  return played;
}

/** The highest pass of the endings after `start`, up to the next group's. */
function highestEnding(events: readonly VoiceEvent[], start: number): number {
  let highest = 1;
  let hasEndings = false;
  for (let i = start; i < events.length; i++) {
    const event = events[i]!;
    if (event.kind !== 'bar') continue;
    if (event.endings.includes(1) && hasEndings) break;
    hasEndings ||= event.endings.length > 0;
    highest = Math.max(highest, ...event.endings);
    if (event.startsRepeat && i > start) break;
    if (event.repeats > 0 && !hasEndings) break;
  }
  return highest;
}

/** Index of the bar line where the ending of this pass starts; undefined where the group has none. */
function findEnding(events: readonly VoiceEvent[], from: number, pass: number): number | undefined {
  for (let i = from; i < events.length; i++) {
    const event = events[i]!;
    if (event.kind !== 'bar') continue;
    if (event.endings.includes(pass)) return i;
    if (event.startsRepeat || event.endings.includes(1)) return undefined;
  }
  return undefined;
}
