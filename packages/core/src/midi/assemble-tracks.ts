import { lastIndexAtOrBefore } from '../score/search.ts';
import { sortedByTick, sortedNotes } from '../score/order.ts';
import type { ControlChange, Note, PitchBend, Track } from '../score/score.ts';
import type { MidiBudget } from './limits.ts';
import { UNSET_PROGRAM } from './raw-track.ts';
import type { ProgramChange, RawChannel, RawPart, RawTrack } from './raw-track.ts';
import { DRUM_CHANNEL } from './read-track.ts';

/** A Score track in the making, and where it came from. */
interface Draft {
  readonly raw: RawTrack;
  readonly port: number;
  readonly channel: number;
  readonly program: number;
  notes: Note[];
  controls: ControlChange[];
  bends: PitchBend[];
}

/**
 * Score tracks of a file: one for each track chunk, channel and program that has notes, in that order.
 *
 * - A channel without a program change of its own takes the one that another chunk gives the same channel
 *   (only where chunks sound together, not in format 2), else program 0.
 * - On the drum channel all notes of a chunk are one track, whose program is the first one stated.
 * - Where a channel changes program, each of its tracks takes the controls and bends during its turn, and at
 *   the start of a turn the values that were set meanwhile.
 * - Controls of a chunk without notes on their channel go to the tracks that other chunks have there; with
 *   none there, they are dropped, except that a chunk which speaks of one channel and plays no note at
 *   all is kept as a track without notes.
 */
export function assembleTracks(
  raws: readonly RawTrack[],
  areTogether: boolean,
  isFormat0: boolean,
  budget: MidiBudget,
): Track[] {
  const programsOf = createProgramsOf(areTogether ? raws : []);
  const drafts = raws.map((raw) => draftsOf(raw, programsOf));
  const sounding = new Map<number, Draft[]>();
  for (const draft of drafts.flat()) {
    const key = keyOf(draft);
    const list = sounding.get(key);
    if (list) list.push(draft);
    else sounding.set(key, [draft]);
  }
  raws.forEach((raw, i) => {
    const own = drafts[i]!;
    for (const channel of raw.channels) {
      const targets = own.filter((draft) => keyOf(draft) === keyOf(channel));
      const others = areTogether ? (sounding.get(keyOf(channel)) ?? []) : [];
      if (targets.length > 0) spread(channel, targets, budget, raw.offset);
      else if (others.length > 0)
        others.forEach((draft) => {
          append(draft, channel, budget, raw.offset);
        });
      else if (own.length === 0 && raw.channels.length === 1) own.push(emptyDraft(raw, channel));
    }
  });
  return drafts.flat().map((draft) => ({
    name: (isFormat0 ? draft.raw.instrumentName : (draft.raw.name ?? draft.raw.instrumentName)) ?? '',
    program: draft.program,
    isDrum: draft.channel === DRUM_CHANNEL,
    notes: draft.notes,
    controls: sortedByTick(draft.controls),
    bends: sortedByTick(draft.bends),
  }));
}

function keyOf(place: { readonly port: number; readonly channel: number }): number {
  return (place.port << 4) | place.channel;
}

type ProgramsOf = (place: RawPart) => readonly ProgramChange[];

/** Program changes of one channel over all chunks, by tick; looked for once a channel, and only when asked. */
function createProgramsOf(raws: readonly RawTrack[]): ProgramsOf {
  const known = new Map<number, readonly ProgramChange[]>();
  return (place) => {
    const key = keyOf(place);
    let programs = known.get(key);
    if (!programs) {
      const channels = raws.flatMap((raw) => raw.channels.filter((channel) => keyOf(channel) === key));
      known.set(key, (programs = sortedByTick(channels.flatMap((channel) => channel.programs))));
    }
    return programs;
  };
}

function draftsOf(raw: RawTrack, programsOf: ProgramsOf): Draft[] {
  const byProgram = new Map<number, Draft>();
  const draftOf = (part: RawPart, program: number): Draft => {
    const key = keyOf(part) * 128 + program;
    let draft = byProgram.get(key);
    if (!draft) {
      draft = { raw, port: part.port, channel: part.channel, program, notes: [], controls: [], bends: [] };
      byProgram.set(key, draft);
    }
    return draft;
  };
  for (const part of raw.parts) {
    if (part.program !== UNSET_PROGRAM) {
      addNotes(draftOf(part, part.program), part.notes);
      continue;
    }
    const own = raw.channels.find((channel) => keyOf(channel) === keyOf(part))?.programs[0];
    const changes = own ? [] : programsOf(part);
    if (part.channel === DRUM_CHANNEL)
      addNotes(draftOf(part, own?.program ?? changes[0]?.program ?? 0), part.notes);
    else if (changes.length === 0) addNotes(draftOf(part, 0), part.notes);
    else {
      const ticks = Float64Array.from(changes, (change) => change.tick);
      for (const note of part.notes) {
        const change = changes[lastIndexAtOrBefore(ticks, note.start)]!;
        draftOf(part, change.tick <= note.start ? change.program : 0).notes.push(note);
      }
    }
  }
  return [...byProgram.values()].sort((a, b) => a.channel - b.channel || a.port - b.port);
}

function addNotes(draft: Draft, notes: Note[]): void {
  draft.notes = draft.notes.length === 0 ? notes : sortedNotes(draft.notes.concat(notes));
}

function emptyDraft(raw: RawTrack, channel: RawChannel): Draft {
  const { port, programs, controls, bends } = channel;
  return {
    raw,
    port,
    channel: channel.channel,
    program: programs[0]?.program ?? 0,
    notes: [],
    controls,
    bends,
  };
}

function append(draft: Draft, channel: RawChannel, budget: MidiBudget, offset: number): void {
  for (const control of channel.controls) {
    budget.addChange(offset);
    draft.controls.push(control);
  }
  for (const bend of channel.bends) {
    budget.addChange(offset);
    draft.bends.push(bend);
  }
}

/** Gives a channel's controls and bends to the tracks of its programs. */
function spread(channel: RawChannel, targets: readonly Draft[], budget: MidiBudget, offset: number): void {
  const first = targets[0]!;
  if (targets.length === 1) {
    if (first.controls.length + first.bends.length === 0) {
      first.controls = channel.controls;
      first.bends = channel.bends;
    } else append(first, channel, budget, offset);
    return;
  }
  // Turns of the programs that have notes; what comes before the first turn belongs to it.
  const byProgram = new Map(targets.map((draft) => [draft.program, draft]));
  const turns = channel.programs.filter((change) => byProgram.has(change.program));
  const opening = byProgram.get(0) ?? byProgram.get(turns[0]!.program)!;
  deal({
    events: channel.controls,
    turns: turns.map((turn) => ({
      tick: turn.tick,
      draft: byProgram.get(turn.program)!,
      eventsBefore: turn.controlsBefore,
    })),
    opening,
    slots: 128,
    slotOf: (control) => control.controller,
    give: (draft, control) => {
      budget.addChange(offset);
      draft.controls.push(control);
    },
  });
  deal({
    events: channel.bends,
    turns: turns.map((turn) => ({
      tick: turn.tick,
      draft: byProgram.get(turn.program)!,
      eventsBefore: turn.bendsBefore,
    })),
    opening,
    slots: 1,
    slotOf: () => 0,
    give: (draft, bend) => {
      budget.addChange(offset);
      draft.bends.push(bend);
    },
  });
}

interface Deal<T> {
  readonly events: readonly T[];
  readonly turns: readonly { readonly tick: number; readonly draft: Draft; readonly eventsBefore: number }[];
  readonly opening: Draft;
  /** Values that a channel remembers: one for each controller, or the bend. */
  readonly slots: number;
  readonly slotOf: (event: T) => number;
  readonly give: (draft: Draft, event: T) => void;
}

/** Gives each event to the track whose turn it is, and at the start of a turn what the track missed. */
function deal<T extends { readonly tick: number; readonly value: number }>({
  events,
  turns,
  opening,
  slots,
  slotOf,
  give,
}: Deal<T>): void {
  const latest: (T | undefined)[] = new Array<T | undefined>(slots).fill(undefined);
  const known = new Map<Draft, (number | undefined)[]>();
  const knownTo = (draft: Draft): (number | undefined)[] => {
    let values = known.get(draft);
    if (!values) known.set(draft, (values = new Array<number | undefined>(slots).fill(undefined)));
    return values;
  };
  let next = 0;
  let draft = opening;
  let values = knownTo(draft);
  const playUntil = (end: number): void => {
    for (; next < end; next++) {
      const event = events[next]!;
      latest[slotOf(event)] = event;
      values[slotOf(event)] = event.value;
      give(draft, event);
    }
  };
  for (const turn of turns) {
    playUntil(turn.eventsBefore);
    draft = turn.draft;
    values = knownTo(draft);
    for (let slot = 0; slot < slots; slot++) {
      const event = latest[slot];
      if (event === undefined || values[slot] === event.value) continue;
      values[slot] = event.value;
      give(draft, { ...event, tick: turn.tick });
    }
  }
  playUntil(events.length);
}
