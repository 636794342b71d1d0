import { lastIndexAtOrBefore } from '../score/search.ts';
import { sortedByTick, sortedNotes } from '../score/order.ts';
import type { ControlChange, Note, PitchBend, Track } from '../score/score.ts';
import { KeyedList } from './keyed-list.ts';
import type { MidiBudget } from './limits.ts';
import { DRUM_CHANNEL, UNSET_PROGRAM } from './raw-track.ts';
import type { ProgramChange, RawChannel, RawTrack } from './raw-track.ts';

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
  const together = areTogether ? new TogetherTracks(raws) : undefined;
  const drafts = raws.map((raw) => draftsOf(raw, together));
  for (let i = 0; i < raws.length; i++) {
    const { channels, offset } = raws[i]!;
    const own = drafts[i]!;
    for (const channel of channels) {
      const targets =
        own.length === 1 && isAt(own[0]!, channel) ? own : own.filter((draft) => isAt(draft, channel));
      if (targets.length > 0) {
        spread(channel, targets, budget, offset);
        continue;
      }
      const others = together?.draftsAt(channel, drafts) ?? [];
      for (const draft of others) append(draft, channel, budget, offset);
      if (others.length === 0 && own.length === 0 && channels.length === 1)
        own.push(emptyDraft(raws[i]!, channel));
    }
  }
  const tracks: Track[] = [];
  for (const own of drafts) for (const draft of own) tracks.push(trackOf(draft, isFormat0));
  return tracks;
}

function trackOf({ raw, channel, program, notes, controls, bends }: Draft, isFormat0: boolean): Track {
  return {
    name: (isFormat0 ? raw.instrumentName : (raw.name ?? raw.instrumentName)) ?? '',
    program,
    isDrum: channel === DRUM_CHANNEL,
    notes,
    controls: inOrderOfTick(controls),
    bends: inOrderOfTick(bends),
  };
}

/** Sorted in place: the lists are ours. */
function inOrderOfTick<T extends { readonly tick: number }>(events: T[]): T[] {
  for (let i = 1; i < events.length; i++)
    if (events[i - 1]!.tick > events[i]!.tick) return events.sort((a, b) => a.tick - b.tick);
  return events;
}

interface Place {
  readonly port: number;
  readonly channel: number;
}

function isAt(draft: Place, place: Place): boolean {
  return draft.channel === place.channel && draft.port === place.port;
}

/** What chunks that sound together say to each other's channels; looked up once, and only where one asks. */
class TogetherTracks {
  private readonly raws: readonly RawTrack[];
  private programs: Map<number, readonly ProgramChange[]> | undefined;
  private drafts: Map<number, Draft[]> | undefined;

  constructor(raws: readonly RawTrack[]) {
    this.raws = raws;
  }

  /** Program changes of one channel over all chunks, by tick. */
  programsAt(place: Place): readonly ProgramChange[] {
    this.programs ??= byTick(grouped(this.raws.flatMap((raw) => raw.channels)));
    return this.programs.get(keyOf(place)) ?? [];
  }

  /** Tracks with notes on a channel; `drafts` is the same at every call. */
  draftsAt(place: Place, drafts: readonly (readonly Draft[])[]): readonly Draft[] {
    this.drafts ??= grouped(drafts.flat());
    return this.drafts.get(keyOf(place)) ?? [];
  }
}

function grouped<T extends Place>(items: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function byTick(channels: ReadonlyMap<number, readonly RawChannel[]>): Map<number, readonly ProgramChange[]> {
  const programs = new Map<number, readonly ProgramChange[]>();
  for (const [key, group] of channels)
    programs.set(key, sortedByTick(group.flatMap((channel) => channel.programs)));
  return programs;
}

function keyOf(place: Place): number {
  return (place.port << 4) | place.channel;
}

function draftsOf(raw: RawTrack, together: TogetherTracks | undefined): Draft[] {
  if (raw.parts.length === 0) return [];
  const drafts = new Drafts(raw);
  for (const part of raw.parts) {
    if (part.program !== UNSET_PROGRAM) {
      addNotes(drafts.of(part, part.program), part.notes);
      continue;
    }
    const own = raw.channels.find((channel) => isAt(channel, part))?.programs[0];
    const changes = own ? [] : (together?.programsAt(part) ?? []);
    if (part.channel === DRUM_CHANNEL)
      addNotes(drafts.of(part, own?.program ?? changes[0]?.program ?? 0), part.notes);
    else if (changes.length === 0) addNotes(drafts.of(part, 0), part.notes);
    else {
      const ticks = Float64Array.from(changes, (change) => change.tick);
      for (const note of part.notes) {
        const change = changes[lastIndexAtOrBefore(ticks, note.start)]!;
        drafts.of(part, change.tick <= note.start ? change.program : 0).notes.push(note);
      }
    }
  }
  return drafts.inOrder();
}

/** The tracks that one chunk makes, by channel and program. */
class Drafts {
  private readonly raw: RawTrack;
  private readonly list = new KeyedList<Draft>();

  constructor(raw: RawTrack) {
    this.raw = raw;
  }

  of({ port, channel }: Place, program: number): Draft {
    const key = ((port << 4) | channel) * 128 + program;
    return (
      this.list.find(key) ??
      this.list.add(key, { raw: this.raw, port, channel, program, notes: [], controls: [], bends: [] })
    );
  }

  inOrder(): Draft[] {
    return this.list.items.sort((a, b) => a.channel - b.channel || a.port - b.port);
  }
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
