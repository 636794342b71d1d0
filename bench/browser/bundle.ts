import { build, type BuildOptions, type Message, type Metafile } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { listEntries } from '../../.config/entries.mjs';

/** Bytes of minified JavaScript, and of the same compressed with gzip. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** A bundle's size: what loads at once, and what it may fetch later through `import()`. */
export interface BundleSize {
  readonly initial: Size;
  readonly onDemand: Size;
  /** Minified bytes of `initial` by package, largest first; `attune` is our own code. */
  readonly shares: readonly (readonly [packageName: string, bytes: number])[];
}

/** Entries that promise to run in a browser: all but the `node` ones. */
export function listBrowserEntries(): string[] {
  return [...listEntries().keys()].filter((name) => !name.endsWith('/node'));
}

const BROWSER: BuildOptions = {
  bundle: true,
  platform: 'browser', // a Node built-in does not resolve
  target: 'es2022',
  conditions: ['@attune/source'],
  write: false,
  logLevel: 'silent',
};

/** One script (an IIFE) of a module's source; rejects with esbuild's errors, e.g. where a Node built-in is imported. */
export async function bundleScript(source: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...BROWSER,
    stdin: stdinOf(source),
    format: 'iife',
    ...options,
    write: false,
  });
  return outputFiles[0]!.text;
}

/** What keeps a module's source from running in a browser, as esbuild says it; empty where nothing does. */
export async function browserFaults(source: string): Promise<string[]> {
  try {
    await build({ ...BROWSER, stdin: stdinOf(source), format: 'esm' });
    return [];
  } catch (error) {
    return (error as { errors: Message[] }).errors.map(
      ({ text, location }) => `${location?.file ?? ''}: ${text}`,
    );
  }
}

/** Bundles a module's source for a browser, minified and split at `import()`. */
export async function measureBundle(source: string): Promise<BundleSize> {
  const { outputFiles, metafile } = await build({
    ...BROWSER,
    stdin: stdinOf(source),
    format: 'esm',
    minify: true,
    splitting: true,
    metafile: true,
    outdir: 'out',
    write: false,
  });
  const files = new Map(outputFiles.map((file) => [baseName(file.path), file.contents]));
  const { atOnce, later } = reachable(metafile.outputs);
  return {
    initial: sizeOf(atOnce.map((name) => files.get(baseName(name))!)),
    onDemand: sizeOf(later.map((name) => files.get(baseName(name))!)),
    shares: sharesOf(atOnce.map((name) => metafile.outputs[name]!)),
  };
}

/** Node resolves packages from here, as a project that uses them would from its own folder. */
function stdinOf(contents: string): BuildOptions['stdin'] {
  return { contents, resolveDir: import.meta.dirname, loader: 'ts' };
}

/** Output files by whether the entry imports them at once or through `import()` only. */
function reachable(outputs: Metafile['outputs']): { atOnce: string[]; later: string[] } {
  const entry = Object.keys(outputs).find((name) => outputs[name]!.entryPoint === '<stdin>')!;
  const closure = (kinds: readonly string[]): string[] => {
    const seen = new Set([entry]);
    for (const name of seen) {
      for (const { path, kind, external } of outputs[name]!.imports)
        if (!external && kinds.includes(kind)) seen.add(path);
    }
    return [...seen];
  };
  const atOnce = closure(['import-statement']);
  return {
    atOnce,
    later: closure(['import-statement', 'dynamic-import']).filter((name) => !atOnce.includes(name)),
  };
}

function sizeOf(contents: readonly Uint8Array[]): Size {
  return {
    minified: contents.reduce((sum, bytes) => sum + bytes.length, 0),
    gzip: contents.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0),
  };
}

function sharesOf(outputs: readonly Metafile['outputs'][string][]): [string, number][] {
  const shares = new Map<string, number>();
  for (const { inputs } of outputs) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'attune';
      shares.set(name, (shares.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...shares].filter(([, bytes]) => bytes > 0).sort((a, b) => b[1] - a[1]);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
