import { AttuneError } from '@attune/core';
import type { ComposeOrder, Composition } from './protocol.ts';
import type { TaskContext } from './tasks.ts';
import { generatorOnce } from './models.ts';

export async function compose(_order: ComposeOrder, _context: TaskContext): Promise<Composition> {
  const { fault } = await generatorOnce();
  throw new AttuneError('checkpoint/malformed', fault ?? 'There is no composing model on this machine.');
}
