import { getRuntime, stopRuntime } from './runtime.ts';

/** Opens everything at start rather than at the first request, says what a person wants to know, and closes well. */
export async function startServer(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  try {
    const { notes } = await getRuntime();
    for (const note of notes) console.log(`  ${note}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function stop(): Promise<void> {
  const late = setTimeout(() => process.exit(1), 10_000);
  try {
    await stopRuntime();
  } finally {
    clearTimeout(late);
    process.exit(0);
  }
}
