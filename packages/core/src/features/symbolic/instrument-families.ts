/** Instruments by the General MIDI 1.0 sound groups, joined to what a listener tells apart; the drum kit is apart. */
export const INSTRUMENT_FAMILIES = [
  'piano',
  'guitar',
  'bass',
  'strings',
  'winds',
  'brass',
  'voices',
  'other',
] as const;
/** One of `INSTRUMENT_FAMILIES`. */
export type InstrumentFamily = (typeof INSTRUMENT_FAMILIES)[number];

/** General MIDI 1.0: programs 0–7 piano, 24–31 guitar, 32–39 bass, 40–51 strings, 52–54 voice, 56–63 brass, 64–79 reed and pipe. */
export function familyOf(program: number): InstrumentFamily {
  if (program < 8) return 'piano';
  if (program >= 24 && program < 32) return 'guitar';
  if (program >= 32 && program < 40) return 'bass';
  if (program >= 40 && program < 52) return 'strings';
  if (program >= 52 && program < 55) return 'voices';
  if (program >= 56 && program < 64) return 'brass';
  if (program >= 64 && program < 80) return 'winds';
  return 'other';
}
