import { AttuneError } from '../foundation/errors.ts';
import type { Bpm, Tick } from '../foundation/units.ts';
import { createScore } from './create-score.ts';
import type { Score, TempoEvent } from './score.ts';
import { createTempoMap, DEFAULT_BPM } from './tempo-map.ts';

/** Tempo `bpm` from `tick` up to the next tempo event; one that stands at `tick` is replaced. */
export function setTempo(score: Score, tick: Tick, bpm: Bpm): Score {
  checkBpm(bpm);
  if (!Number.isInteger(tick) || tick < 0) {
    throw new AttuneError('argument/invalid', `A tempo stands at a whole tick from 0, not at ${tick}.`, {
      tick,
    });
  }
  const others = score.tempos.filter((tempo) => tempo.tick !== tick);
  return { ...score, tempos: [...others, { tick, bpm }].sort((a, b) => a.tick - b.tick) };
}

/** Without the tempo event at `tick`: the tempo before it goes on. `argument/invalid` where none stands there. */
export function removeTempo(score: Score, tick: Tick): Score {
  const tempos = score.tempos.filter((tempo) => tempo.tick !== tick);
  if (tempos.length === score.tempos.length) {
    throw new AttuneError('argument/invalid', `No tempo event stands at tick ${tick}.`, { tick });
  }
  return { ...score, tempos };
}

/** All tempos times `factor` (2 is twice as fast); ticks stay, every time in seconds is divided by the factor. */
export function scaleTempo(score: Score, factor: number): Score {
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw new AttuneError(
      'argument/invalid',
      `Tempos can be multiplied by a number above 0, not by ${factor}.`,
      {
        factor,
      },
    );
  }
  return { ...score, tempos: temposFromStart(score).map(({ tick, bpm }) => ({ tick, bpm: bpm * factor })) };
}

/**
 * The same performance under one tempo: every tick moves so that it stays at its second, up to half a tick. Meters move
 * with the music, so their bars fit it only where the tempo was constant; `alignToBeats` writes bars that do.
 */
export function warpToTempo(score: Score, bpm: Bpm): Score {
  checkBpm(bpm);
  const tempoMap = createTempoMap(score);
  const ticksPerSecond = (bpm * score.ticksPerQuarter) / 60;
  const at = (tick: Tick): Tick => Math.round(tempoMap.secondsAt(tick) * ticksPerSecond);
  return { ...moveTicks(score, at), tempos: [{ tick: 0, bpm }] };
}

/** The score with every tick of notes and events mapped; `at` must not fall. Tempos are mapped like the rest. */
export function moveTicks(score: Score, at: (tick: Tick) => Tick): Score {
  const moved = <T extends { readonly tick: Tick }>(event: T): T => ({ ...event, tick: at(event.tick) });
  return createScore({
    ...score,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => {
        const start = at(note.start);
        return { ...note, start, duration: at(note.start + note.duration) - start };
      }),
      controls: track.controls.map(moved),
      bends: track.bends.map(moved),
    })),
    tempos: score.tempos.map(moved),
    meters: score.meters.map(moved),
    keys: score.keys.map(moved),
    texts: score.texts.map(moved),
  });
}

/** The tempo events with the tempo that holds before the first one spelt out. */
export function temposFromStart(score: Pick<Score, 'tempos'>): TempoEvent[] {
  return score.tempos[0]?.tick === 0 ? [...score.tempos] : [{ tick: 0, bpm: DEFAULT_BPM }, ...score.tempos];
}

function checkBpm(bpm: Bpm): void {
  if (bpm > 0 && Number.isFinite(bpm)) return;
  throw new AttuneError('argument/invalid', `A tempo is a number of quarters a minute above 0, not ${bpm}.`, {
    bpm,
  });
}
