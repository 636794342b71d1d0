/** Name under which an entry is imported, e.g. `@attune/core/midi`, to its source file. */
export type Entries = ReadonlyMap<string, string>;
export function listEntries(): Map<string, string>;
