import type { OnProgress } from '@attune/core';

/** Where a command writes; tests give their own. */
export interface Terminal {
  /** Results, to standard output. */
  print(line: string): void;
  /** Words for a person, to standard error. */
  say(line: string): void;
  /** Progress on one line that overwrites itself; nothing where standard error is no terminal. */
  readonly progress: OnProgress;
  /** Ends the progress line. */
  clear(): void;
}

/** Results go to stdout, everything else to stderr; `quiet` keeps stderr silent. */
export function createTerminal(quiet = false): Terminal {
  const live = !quiet && process.stderr.isTTY;
  let shown = '';
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (line) => {
      if (!quiet) process.stderr.write(`${line}\n`);
    },
    progress: ({ done, total, stage }) => {
      const text = `${stage} ${Math.floor(done)}/${Math.ceil(total)}`;
      if (!live || text === shown) return;
      shown = text;
      process.stderr.write(`\r\x1b[K${text}`);
    },
    clear: () => {
      if (live && shown !== '') process.stderr.write('\r\x1b[K');
      shown = '';
    },
  };
}

/** A plain table: columns as wide as their cells, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
