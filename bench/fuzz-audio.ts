import { createRng, type Rng } from '@attune/core';
import { judgeDecoding, makeAudioSeeds, mutateAudio, type AudioVerdict } from '@attune/core/testing';
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const summary =
  'decodes damaged sound files in a watched process: [COUNT, default 2000] [SEED, default 1]';

/** CPU time after which an input counts as hanging; the watchdog waits longer, because the machine may be busy. */
const MAX_CPU_MS = 1000;
const WATCHDOG_MS = 30_000;
const MAX_HEAP_MB = 256;
/** Decoded clips and decoders wait for the garbage collector; above this it is called before memory is read. */
const COLLECT_MB = 192;
const OUTCOMES = ['decoded', 'audio/malformed', 'audio/unsupported', 'audio/limit'] as const;

interface Tally {
  inputs: number;
  counts: Map<string, number>;
  refused: number;
  named: number;
  worstMs: number;
  worstMB: number;
}
/** What the child says of one input; `start` before it, the rest after. */
type Message =
  | { readonly start: number }
  | {
      readonly index: number;
      readonly group: string;
      readonly verdict: AudioVerdict;
      readonly ms: number;
      readonly MB: number;
    };

/** Prints a table of outcomes by format and mutation. Exits with 1 if any input hangs, crashes or is misjudged. */
export async function run(args: readonly string[]): Promise<void> {
  if (args[0] === '--child') return await decodeInputs(Number(args[1]), Number(args[2]), Number(args[3]));
  const count = Number(args[0] ?? 2000);
  const seed = Number(args[1] ?? 1);
  const tallies = new Map<string, Tally>();
  const faults: string[] = [];
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()); // the child gets it too; what was judged until then is printed
  let done = 0;
  while (done < count && !stop.signal.aborted)
    done = await watch(seed, done, count, tallies, faults, stop.signal);
  printTable(tallies);
  const slowest = Math.max(...[...tallies.values()].map((tally) => tally.worstMs));
  const largest = Math.max(...[...tallies.values()].map((tally) => tally.worstMB));
  console.log(
    `\n${done} inputs of seed ${seed}: ${faults.length} faults; at most ${slowest.toFixed(0)} ms of CPU time and ${largest.toFixed(0)} MB of heap and WebAssembly memory.`,
  );
  for (const fault of faults.slice(0, 40)) console.log(`- ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** One child from input `from` on; resolves to the first input that it did not finish. */
async function watch(
  seed: number,
  from: number,
  to: number,
  tallies: Map<string, Tally>,
  faults: string[],
  stop: AbortSignal,
): Promise<number> {
  const child = fork(
    fileURLToPath(new URL('run.ts', import.meta.url)),
    ['fuzz-audio', '--child', `${seed}`, `${from}`, `${to}`],
    {
      execArgv: [...process.execArgv, '--expose-gc', `--max-old-space-size=${MAX_HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  let current = from;
  let timer = startWatchdog(child);
  child.on('message', (message: Message) => {
    clearTimeout(timer);
    timer = startWatchdog(child);
    if ('start' in message) current = message.start;
    else {
      count(message, tallies, faults);
      current = message.index + 1;
      if (current % 10_000 === 0) console.error(`${current} of ${to} inputs, ${faults.length} faults`);
    }
  });
  const code = await new Promise<number | string | null>((resolve) =>
    child.on('exit', (exit, signal) => resolve(exit ?? signal)),
  );
  clearTimeout(timer);
  if (current >= to || stop.aborted) return current;
  faults.push(`input ${current}: the process ended with ${code} (${code === 'SIGKILL' ? 'hang' : 'crash'})`);
  return current + 1;
}

function startWatchdog(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), WATCHDOG_MS);
}

function count(
  { index, group, verdict, ms, MB }: Exclude<Message, { start: number }>,
  tallies: Map<string, Tally>,
  faults: string[],
): void {
  const tally = tallies.get(group) ?? {
    inputs: 0,
    counts: new Map<string, number>(),
    refused: 0,
    named: 0,
    worstMs: 0,
    worstMB: 0,
  };
  tallies.set(group, tally);
  tally.inputs++;
  tally.counts.set(verdict.outcome, (tally.counts.get(verdict.outcome) ?? 0) + 1);
  if (verdict.outcome === 'audio/malformed') tally.refused++;
  if (verdict.names) tally.named++;
  tally.worstMs = Math.max(tally.worstMs, ms);
  tally.worstMB = Math.max(tally.worstMB, MB);
  const where = `input ${index} (${group})`;
  if (!OUTCOMES.some((outcome) => outcome === verdict.outcome))
    faults.push(`${where}: ${verdict.outcome}: ${verdict.remark}`);
  if (ms > MAX_CPU_MS) faults.push(`${where}: ${ms.toFixed(0)} ms of CPU time`);
  if (MB > MAX_HEAP_MB) faults.push(`${where}: ${MB.toFixed(0)} MB`);
}

function printTable(tallies: ReadonlyMap<string, Tally>): void {
  console.log(
    '| format: mutation | inputs | decoded | malformed | naming a place | unsupported | over a limit | faults | most CPU ms | most MB |',
  );
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
  for (const [group, tally] of [...tallies].sort(([a], [b]) => a.localeCompare(b))) {
    const counts = OUTCOMES.map((outcome) => tally.counts.get(outcome) ?? 0);
    const faults = tally.inputs - counts.reduce((sum, value) => sum + value, 0);
    const [decoded, malformed, unsupported, limit] = counts;
    const cells = [
      tally.inputs,
      decoded,
      malformed,
      tally.named,
      unsupported,
      limit,
      faults,
      tally.worstMs.toFixed(0),
      tally.worstMB.toFixed(0),
    ];
    console.log(`| ${group} | ${cells.join(' | ')} |`);
  }
}

/** The child: judges inputs `from` … `to` − 1. Input i depends on the seed and i alone. */
async function decodeInputs(seed: number, from: number, to: number): Promise<void> {
  console.error = () => undefined; // the decoders print what they also return
  const seeds = await makeAudioSeeds();
  for (const { bytes } of seeds) await judgeDecoding(bytes); // loads the decoders, so that no input is charged for it
  for (let index = from; index < to; index++) {
    process.send!({ start: index } satisfies Message);
    const input = mutateAudio(seeds, inputRng(seed, index));
    const before = process.cpuUsage();
    const verdict = await judgeDecoding(input.bytes);
    const { user, system } = process.cpuUsage(before);
    const group = `${input.seed.format}: ${input.mutation}`;
    process.send!({ index, group, verdict, ms: (user + system) / 1000, MB: memoryInUse() } satisfies Message);
  }
  process.disconnect();
}

function inputRng(seed: number, index: number): Rng {
  return createRng(seed).fork(`${index}`);
}

/** MB of heap and external memory, WebAssembly memories included; garbage counts until there is much of it. */
function memoryInUse(): number {
  if (megabytes() > COLLECT_MB) globalThis.gc!();
  return megabytes();
}

function megabytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
