import { type BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { AttuneError } from '../foundation/errors.ts';

/** Bytes of a zone's record in `pbag` and `ibag` (SoundFont 2.04, sections 7.3 and 7.7). */
const BAG_RECORD = 4;

/** Parses SF2 or SF3 bytes; `argument/invalid` for anything else. The bytes are copied. */
export function parseSoundBank(soundFont: Uint8Array): BasicSoundBank {
  const magic = String.fromCharCode(...soundFont.subarray(0, 4), ...soundFont.subarray(8, 12));
  if (magic !== 'RIFFsfbk') {
    throw new AttuneError(
      'argument/invalid',
      'The bytes are no SoundFont (they do not start with RIFF … sfbk).',
      { size: soundFont.length },
    );
  }
  let bank: BasicSoundBank;
  try {
    bank = SoundBankLoader.fromArrayBuffer(soundFont.slice().buffer);
  } catch (error) {
    throw new AttuneError(
      'argument/invalid',
      'The SoundFont is damaged.',
      { size: soundFont.length },
      { cause: error },
    );
  }
  requireZonesOfFile(bank, soundFont);
  return bank;
}

/**
 * Damaged indices can give one preset tens of thousands of zones, many times over the same ones, and so as many
 * voices to each note: no more zones than the file has records for.
 */
function requireZonesOfFile(bank: BasicSoundBank, soundFont: Uint8Array): void {
  const sizes = bagSizes(soundFont);
  for (const [bag, owners] of [
    ['pbag', bank.presets],
    ['ibag', bank.instruments],
  ] as const) {
    const zones = owners.reduce((sum, owner) => sum + owner.zones.length, 0);
    const records = Math.floor((sizes.get(bag) ?? 0) / BAG_RECORD);
    if (zones <= records) continue;
    throw new AttuneError(
      'argument/invalid',
      `The SoundFont is damaged: ${zones} zones from ${records} records.`,
      { chunk: bag, zones, records },
    );
  }
}

/** Sizes in bytes of the chunks of the `pdta` list, by name. */
function bagSizes(bytes: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameAt = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  const walk = (from: number, to: number, inside: boolean): void => {
    for (let at = from; at + 8 <= to;) {
      const size = view.getUint32(at + 4, true);
      const end = Math.min(to, at + 8 + size);
      if (inside) sizes.set(nameAt(at), end - (at + 8));
      else if (nameAt(at) === 'LIST' && nameAt(at + 8) === 'pdta') walk(at + 12, end, true);
      at = end + (size % 2);
    }
  };
  walk(12, bytes.length, false);
  return sizes;
}
