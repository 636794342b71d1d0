/** What an instrument of the tiny bank plays: one cycle that loops, or a sound that ends. */
interface TinySound {
  readonly bank: number;
  readonly program: number;
  readonly loop: boolean;
  readonly samples: Int16Array;
}

export const TINY_RATE = 44_000;
/** Frames of a cycle: key 69 sounds at exactly 440 Hz. */
const CYCLE = 100;
const CYCLES = 20;

/**
 * A SoundFont 2.04 of a few kilobytes, written by hand from the specification: program 0 a sine, program 1 a square
 * wave, both looped, and drum kit 0 a click of 20 ms. No reverb or chorus sends, no envelopes, no filters.
 */
export function tinySoundFont(): Uint8Array<ArrayBuffer> {
  const wave = (shape: (phase: number) => number): Int16Array =>
    Int16Array.from({ length: CYCLE * CYCLES }, (_, i) => 16_000 * shape((i % CYCLE) / CYCLE));
  return soundFontOf([
    { bank: 0, program: 0, loop: true, samples: wave((phase) => Math.sin(2 * Math.PI * phase)) },
    { bank: 0, program: 1, loop: true, samples: wave((phase) => (phase < 0.5 ? 0.5 : -0.5)) },
    {
      bank: 128,
      program: 0,
      loop: false,
      samples: Int16Array.from({ length: 880 }, (_, i) => (i % 2 ? -1 : 1) * 16_000 * (1 - i / 880)),
    },
  ]);
}

const SILENCE_AFTER = 46; // samples that the standard asks for after each sound
const GENERATOR = { sampleModes: 54, sampleId: 53, instrument: 41 };

function soundFontOf(sounds: readonly TinySound[]): Uint8Array<ArrayBuffer> {
  const starts: number[] = [];
  let length = 0;
  for (const { samples } of sounds) {
    starts.push(length);
    length += samples.length + SILENCE_AFTER;
  }
  const pool = new Int16Array(length);
  sounds.forEach(({ samples }, i) => {
    pool.set(samples, starts[i]);
  });
  const count = sounds.length;
  const records = {
    phdr: [
      ...sounds.map(({ bank, program }, i) => [...name(`p${i}`), ...u16(program, bank, i), ...u32(0, 0, 0)]),
      [...name('EOP'), ...u16(0, 0, count), ...u32(0, 0, 0)],
    ],
    pbag: Array.from({ length: count + 1 }, (_, i) => u16(i, 0)),
    pmod: [Array<number>(10).fill(0)],
    pgen: [...sounds.map((_, i) => u16(GENERATOR.instrument, i)), u16(0, 0)],
    inst: [...sounds.map((_, i) => [...name(`i${i}`), ...u16(i)]), [...name('EOI'), ...u16(count)]],
    ibag: Array.from({ length: count + 1 }, (_, i) => u16(2 * i, 0)),
    imod: [Array<number>(10).fill(0)],
    igen: [
      ...sounds.flatMap(({ loop }, i) => [
        u16(GENERATOR.sampleModes, loop ? 1 : 0),
        u16(GENERATOR.sampleId, i),
      ]),
      u16(0, 0),
    ],
    shdr: [
      ...sounds.map(({ samples, loop }, i) => {
        const [start, end] = [starts[i]!, starts[i]! + samples.length];
        const loopStart = loop ? start + CYCLE : start;
        return [
          ...name(`s${i}`),
          ...u32(start, end, loopStart, loop ? end - CYCLE : end, TINY_RATE),
          ...[69, 0],
          ...u16(0, 1),
        ];
      }),
      [...name('EOS'), ...u32(0, 0, 0, 0, 0), 0, 0, ...u16(0, 0)],
    ],
  };
  const info = [
    ...chunk('ifil', u16(2, 4)),
    ...chunk('isng', ascii('EMU8000\0')),
    ...chunk('INAM', ascii('Tiny\0\0')),
  ];
  const data = Object.entries(records).flatMap(([id, rows]) => chunk(id, rows.flat()));
  return Uint8Array.from(
    chunk('RIFF', [
      ...ascii('sfbk'),
      ...chunk('LIST', [...ascii('INFO'), ...info]),
      ...chunk('LIST', [...ascii('sdta'), ...chunk('smpl', [...new Uint8Array(pool.buffer)])]),
      ...chunk('LIST', [...ascii('pdta'), ...data]),
    ]),
  );
}

function chunk(id: string, body: readonly number[]): number[] {
  return [...ascii(id), ...u32(body.length), ...body, ...(body.length % 2 ? [0] : [])];
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

/** 20 bytes. */
function name(text: string): number[] {
  return ascii(text.padEnd(20, '\0'));
}

function u16(...values: readonly number[]): number[] {
  return values.flatMap((value) => [value & 255, (value >>> 8) & 255]);
}

function u32(...values: readonly number[]): number[] {
  return values.flatMap((value) => [...u16(value & 0xffff), ...u16(value >>> 16)]);
}
