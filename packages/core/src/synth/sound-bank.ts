import { type BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { AttuneError } from '../foundation/errors.ts';

/** Parses SF2 or SF3 bytes; `argument/invalid` for anything else. The bytes are copied. */
export function parseSoundBank(soundFont: Uint8Array): BasicSoundBank {
  const magic = String.fromCharCode(...soundFont.subarray(0, 4), ...soundFont.subarray(8, 12));
  if (magic !== 'RIFFsfbk') {
    throw new AttuneError(
      'argument/invalid',
      'The bytes are no SoundFont (they do not start with RIFF … sfbk).',
      {
        size: soundFont.length,
      },
    );
  }
  try {
    return SoundBankLoader.fromArrayBuffer(soundFont.slice().buffer);
  } catch (error) {
    throw new AttuneError(
      'argument/invalid',
      'The SoundFont is damaged.',
      { size: soundFont.length },
      { cause: error },
    );
  }
}
