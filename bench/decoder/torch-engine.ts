import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TransformerShape } from '../../packages/generate/src/transformer/config.ts';
import { stepInputs, type BenchNote, type Engine, type Parameters } from './engines.ts';

/** The step in PyTorch, in a process of its own that tells its CPU seconds; `python` is a Python with torch. */
export function createTorchEngine(
  python: string,
  shape: TransformerShape,
  parameters: Parameters,
  batch: number,
  context: number,
): Engine {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-torch-'));
  const file = path.join(folder, 'weights.f32');
  const arrays = writeWeights(file, parameters);
  const child = spawn(python, [path.join(import.meta.dirname, 'torch-step.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { width, heads, layers, headWidth } = shape;
  const plan = { file, arrays, width, heads, layers, headWidth, batch, context };
  child.stdin.write(`${JSON.stringify(plan)}\n`);
  let seconds = 0;
  const ask = async (note: BenchNote, at: number): Promise<Float32Array> => {
    const { embedded, cosines, sines, told } = stepInputs(shape, parameters, note, at, batch);
    const inputs = Object.entries({ embedded, cosines, sines, told }).map(([name, values]) => [
      name,
      toBase64(values),
    ]);
    child.stdin.write(`${JSON.stringify({ ...Object.fromEntries(inputs), at })}\n`);
    const line = await answers.next();
    if (line.done === true) throw new Error(`${python} ended: has it torch and numpy?`);
    const answer = JSON.parse(line.value) as { logits: string; seconds: number };
    seconds += answer.seconds;
    return fromBase64(answer.logits);
  };
  let filled = 0;
  return {
    name: 'PyTorch, float32, 1 thread',
    async fill(notes) {
      for (const [at, note] of notes.entries()) await ask(note, at);
      filled = notes.length;
    },
    take: (note) => ask(note, filled),
    cpuSeconds: () => seconds,
    dispose() {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Writes all arrays one after another; their names, first elements and shapes. */
function writeWeights(file: string, parameters: Parameters): [string, number, readonly number[]][] {
  const parts: Float32Array[] = [];
  let start = 0;
  const arrays: [string, number, readonly number[]][] = [];
  for (const [name, { shape, data }] of parameters) {
    const part = Float32Array.from(data);
    arrays.push([name, start, shape]);
    parts.push(part);
    start += part.length;
  }
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
  return arrays;
}

function toBase64(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function fromBase64(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
