import { DRUMS } from '@attune/core/style';
import { DomainError } from '../errors.ts';
import type { WorkerClient } from '../workers/worker-client.ts';

/** Banks that are kept in memory; the largest has about 2 MB. */
const KEPT = 24;

/** Gives out banks of one instrument each: what a browser needs for music that is not finished yet. */
export interface InstrumentBanks {
  /** `instrument` 0–127, or 128 for the drum kit. Throws `input/invalid`. */
  load(instrument: number): Promise<Uint8Array>;
}

/** Cut out of the SoundFont when first asked for; the least recently used are let go. */
export function createInstrumentBanks(studio: WorkerClient): InstrumentBanks {
  const banks = new Map<number, Promise<Uint8Array>>();
  return {
    load: async (instrument) => {
      if (!Number.isInteger(instrument) || instrument < 0 || instrument > DRUMS) {
        throw new DomainError(
          'input/invalid',
          `Instruments are numbered from 0 to ${DRUMS}; there is none called ${instrument}.`,
        );
      }
      const bank =
        banks.get(instrument) ?? studio.run('instrumentBank', { instrument }).then(({ bytes }) => bytes);
      banks.delete(instrument);
      banks.set(instrument, bank);
      bank.catch(() => banks.delete(instrument));
      if (banks.size > KEPT) banks.delete(banks.keys().next().value!);
      return bank;
    },
  };
}
