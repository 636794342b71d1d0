import { strings } from '@/strings/index.ts';

/** The bank of one instrument, or the whole bank under its name; fetched once a page. */
const banks = new Map<string, Promise<ArrayBuffer>>();
/** Where those who compose on their own machine keep the whole bank. */
export const BANK_CACHE = 'attune-bank';
export const WHOLE_BANK = '/api/soundfonts/all';

/** A bank under the name that the synthesiser is to know it by. */
export interface Bank {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** Banks in which every one of the instruments (128: drums) sounds: the whole one where it was loaded before. */
export async function loadBanks(instruments: readonly number[]): Promise<Bank[]> {
  const whole = await keptBank();
  if (whole) return [{ name: 'all', bytes: whole }];
  return Promise.all(
    instruments.map(async (instrument) => ({ name: String(instrument), bytes: await loadBank(instrument) })),
  );
}

function loadBank(instrument: number): Promise<ArrayBuffer> {
  return once(String(instrument), async () => {
    const response = await fetch(`/api/soundfonts/${instrument}`).catch(() => null);
    if (!response?.ok) throw new Error(strings.device.failed.noBank);
    return response.arrayBuffer();
  });
}

async function keptBank(): Promise<ArrayBuffer | undefined> {
  if (banks.has('all')) return banks.get('all');
  if (typeof caches === 'undefined') return undefined;
  const kept = await (await caches.open(BANK_CACHE)).match(WHOLE_BANK);
  return kept && once('all', () => kept.arrayBuffer());
}

function once(name: string, load: () => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
  const known = banks.get(name) ?? load();
  banks.set(name, known);
  known.catch(() => banks.delete(name));
  return known;
}
