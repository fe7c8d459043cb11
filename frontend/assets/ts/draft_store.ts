/** What is typed is kept in the browser until the server has it. */
export interface Kept {
  owner: string;
  /** The version of the draft that was typed on. */
  version: number;
  fields: [name: string, value: string][];
}

/** Fields that say nothing of what was typed. */
const own = new Set(["key", "draft_version", "confirmed", "evidence", "also"]);

export function typed(fields: Iterable<[string, string]>): [string, string][] {
  return [...fields].filter(([name]) => !own.has(name));
}

/** Reads what was kept; undefined for anything else, for somebody else's, and
 * for what was typed on a draft that has changed since. */
export function readKept(text: string | null, owner: string, version: number): Kept | undefined {
  if (!text) return undefined;
  let kept: Kept;
  try {
    kept = JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
  const sound =
    kept !== null && typeof kept === "object" && kept.owner === owner && kept.version === version && Array.isArray(kept.fields) &&
    kept.fields.every((field) => Array.isArray(field) && field.length === 2 && field.every((part) => typeof part === "string"));
  return sound ? kept : undefined;
}

/** Tells whether two lists of fields say the same. */
export function same(a: [string, string][], b: [string, string][]): boolean {
  return a.length === b.length && a.every(([name, value], i) => name === b[i][0] && value === b[i][1]);
}

/** Milliseconds to wait before the n-th try in a row to save, the first is 1. */
export function pause(tries: number): number {
  return Math.min(60_000, 2_000 * 2 ** Math.min(tries - 1, 10));
}
