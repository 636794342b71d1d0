import type { Tick } from '../foundation/units.ts';
import { createScore } from '../score/create-score.ts';
import type { ControlChange, Note, PitchBend, Score, Track } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';

const RESET_ALL_CONTROLLERS = 121;

/**
 * The rest of a score from a tick on, which becomes tick 0, in the state that playing up to there leaves: tempo,
 * meter and key in force, each track's controllers (all earlier changes, in their order, at tick 0) and its last
 * pitch bend. A melodic note that sounds at that tick is struck again for what is left of it; a drum stroke is
 * not. Tracks keep their places. Texts before the tick are left out.
 */
export function scoreFrom(score: Score, tick: Tick): Score {
  if (tick <= 0) return score;
  const { bpmAt } = createTempoMap(score);
  return createScore({
    ...score,
    tracks: score.tracks.map((track) => trackFrom(track, tick)),
    tempos: [{ tick: 0, bpm: bpmAt(tick) }, ...later(score.tempos, tick)],
    meters: inForce(score.meters, tick),
    keys: inForce(score.keys, tick),
    texts: later(score.texts, tick),
  });
}

function trackFrom(track: Track, tick: Tick): Track {
  const notes: Note[] = [];
  for (const note of track.notes) {
    const end = note.start + note.duration;
    if (note.start >= tick) notes.push({ ...note, start: note.start - tick });
    else if (end > tick && !track.isDrum) notes.push({ ...note, start: 0, duration: end - tick });
  }
  return {
    ...track,
    notes,
    controls: track.controls.map((control) => ({ ...control, tick: Math.max(0, control.tick - tick) })),
    bends: [...bendInForce(track.bends, track.controls, tick), ...later(track.bends, tick)],
  };
}

/** The last bend before the tick, unless a reset of all controllers after it took it back. */
function bendInForce(
  bends: readonly PitchBend[],
  controls: readonly ControlChange[],
  tick: Tick,
): PitchBend[] {
  const last = bends.findLast((bend) => bend.tick < tick);
  const reset = controls.findLast(
    ({ controller, tick: at }) => controller === RESET_ALL_CONTROLLERS && at < tick,
  );
  return last && !(reset && reset.tick > last.tick) ? [{ ...last, tick: 0 }] : [];
}

function inForce<Event extends { readonly tick: Tick }>(events: readonly Event[], tick: Tick): Event[] {
  const last = events.findLast((event) => event.tick < tick);
  return [...(last ? [{ ...last, tick: 0 }] : []), ...later(events, tick)];
}

function later<Event extends { readonly tick: Tick }>(events: readonly Event[], tick: Tick): Event[] {
  return events.filter((event) => event.tick >= tick).map((event) => ({ ...event, tick: event.tick - tick }));
}
