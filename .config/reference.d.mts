/** Name of an entry, e.g. `@attune/core/midi`, to its source file. */
export type Entries = ReadonlyMap<string, string>;
export function listEntries(): Map<string, string>;
export function buildReference(options: { entries: Entries; tsconfig: string; out?: string }): Promise<string[]>;
