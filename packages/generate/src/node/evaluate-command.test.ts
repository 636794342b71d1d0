import { createRng, createScore } from '@attune/core';
import type { Score } from '@attune/core';
import { encodeCompound } from '@attune/core/tokens';
import { describe, expect, it } from 'vitest';
import type { NoteModel } from '../evaluate/note-model.ts';
import type { GenerationRequest, Generator } from '../generator.ts';
import type { CorpusPiece } from './corpus.ts';
import { evaluateCompositions, natsByStyle } from './evaluate-command.ts';
import { formatTable } from './terminal.ts';

function tune(seed: number, count: number, tonic = 0, tempo = 120): Score {
  const rng = createRng(seed);
  const scale = [0, 2, 4, 5, 7, 9, 11, 12, 12, 7, 4, 0];
  const notes = Array.from({ length: count }, (_, i) => ({
    start: i * 480,
    duration: 480,
    pitch: 55 + tonic + 5 + scale[i === count - 1 ? 0 : rng.integer(scale.length)]!,
    velocity: 80,
  }));
  return createScore({ tracks: [{ program: 0, notes }], tempos: [{ tick: 0, bpm: tempo }] });
}

function corpusPiece(seed: number, count: number, style: 'folk' | 'hymn' | undefined): CorpusPiece {
  const sequence = encodeCompound(tune(seed, count));
  return {
    id: String(seed),
    set: 's',
    style,
    sequence,
    conditioning: { tempo: 90, mode: 'major', instruments: [0] },
  };
}

describe('natsByStyle', () => {
  it('weighs pieces by their notes, within a style and over all', async () => {
    const model: NoteModel = {
      name: 'first note 6, the rest 1, the end 2',
      natsOf: ({ sequence }) =>
        Float64Array.from(sequence.barOf, (_, i) => (i === 0 ? 6 : i === sequence.barOf.length - 1 ? 2 : 1)),
    };
    const pieces = [corpusPiece(1, 4, 'folk'), corpusPiece(2, 8, 'folk'), corpusPiece(3, 16, 'hymn')];
    const rows = await natsByStyle([model], [...pieces, corpusPiece(4, 2, undefined)]);
    // A piece of n notes costs 6 + (n − 1) + 2 = n + 7.
    expect(rows).toEqual([
      { style: 'folk', notes: 12, nats: [(12 + 14) / 12] },
      { style: 'hymn', notes: 16, nats: [(16 + 7) / 16] },
      { style: 'other', notes: 2, nats: [(2 + 7) / 2] },
      { style: 'all', notes: 30, nats: [expect.closeTo((30 + 28) / 30, 12)] },
    ]);
  });
});

describe('evaluateCompositions', () => {
  it('asks for what real pieces are like and judges what came', async () => {
    const asked: GenerationRequest[] = [];
    // Obeys the key and the instruments, and is deaf to tempo.
    const generator: Generator = {
      info: { version: 'fake', styles: ['folk'], meters: [], parameters: 0 },
      generate(request) {
        asked.push(request);
        const score = tune(100 + request.seed, request.bars! * 4, request.conditioning.tonic, 60);
        return Promise.resolve({ score, conditioning: request.conditioning, bars: request.bars } as Awaited<
          ReturnType<Generator['generate']>
        >);
      },
    };
    let clock = 0;
    const report = await evaluateCompositions({
      generator,
      originality: undefined,
      real: Array.from({ length: 8 }, (_, i) => corpusPiece(i, 40, 'folk')),
      style: 'folk',
      pieces: 4,
      bars: 6,
      seed: 10,
      classifyStyle: (score) => (score.tracks.length === 1 ? 'folk' : null),
      now: () => (clock += 1000),
    });
    expect(asked.map(({ seed }) => seed)).toEqual([10, 11, 12, 13]);
    expect(asked[0]!.conditioning).toMatchObject({
      style: 'folk',
      tempo: 90,
      mode: 'major',
      instruments: [0],
    });
    expect(report.controls.tempo).toEqual({ asked: 4, met: 0, share: 0 });
    expect(report.controls.instruments.share).toBe(1);
    expect(report.controls.style.share).toBe(1);
    expect(report.controls.meter.asked).toBe(0);
    expect(report.secondsPerPiece).toBe(0.25);
    expect(report.distributions!.map(({ feature }) => feature)).toContain('polyphony');
    expect(report.wellFormedness).toBeGreaterThan(0.2);
    expect(report.originality).toBeNaN(); // there is no index
  });
});

describe('formatTable', () => {
  it('aligns names left and numbers right', () => {
    expect(
      formatTable(
        ['a', 'bb'],
        [
          ['long', '1'],
          ['x', '22.5'],
        ],
      ),
    ).toBe('a       bb\nlong     1\nx     22.5');
  });
});
