/** What stands in the fields of one indicator of a sheet. */
export interface Typed {
  points: string;
  na: boolean;
  raised: boolean;
  text: string;
  url: string;
  /** The finding for which points are lost; empty where none can be named. */
  finding?: string;
}

/** What an indicator asks for. */
export interface Indicator {
  method: string;
  /** Its points as a decimal; empty for a veto. */
  points: string;
}

/** Reads points as people type them: full-width digits and points become plain
 * ones, spaces and a leading plus go. What is wrong with them the server says. */
export function plain(text: string): string {
  return text
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 48))
    .replace(/[\uff0e\u3002]/g, ".")
    .replace(/\s/g, "")
    .replace(/^\+/, "");
}

const scale = 8;

/** The points in hundred-millionths, exact; undefined for what is no number. */
export function units(text: string): bigint | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(plain(text));
  if (!match) return undefined;
  return BigInt(match[1] + (match[2] ?? "").padEnd(scale, "0"));
}

/** Writes hundred-millionths as points. */
export function points(value: bigint): string {
  const digits = value.toString().padStart(scale + 1, "0");
  const rest = digits.slice(-scale).replace(/0+$/, "");
  return digits.slice(0, -scale) + (rest && "." + rest);
}

/** How many points the typed score loses; empty when none are, or nothing can be
 * said. The server decides; this tells only where the cursor goes next. */
export function lost(of: Indicator, typed: Typed): string {
  const entered = units(typed.points);
  const most = units(of.points);
  if (typed.na || entered === undefined) return "";
  if (of.method === "deduct") return entered > 0n ? points(entered) : "";
  if (of.method !== "award" || most === undefined || entered >= most) return "";
  return points(most - entered);
}

/** Tells for what the office owes a reason that is not there yet; empty when it owes none. */
export function wanted(of: Indicator, typed: Typed): "" | "veto" | "na" | "lost" {
  if (typed.text.trim() !== "") return "";
  if (typed.raised) return "veto";
  if (typed.na) return "na";
  return lost(of, typed) ? "lost" : "";
}

export function sameTyped(a: Typed, b: Typed): boolean {
  return a.points === b.points && a.na === b.na && a.raised === b.raised && a.text === b.text && a.url === b.url && (a.finding ?? "") === (b.finding ?? "");
}

/** A score that the server does not have yet, as it is kept in the browser. */
export interface Unsaved {
  version: number;
  typed: Typed;
}

/** Reads what was kept of a sheet; nothing of it for anything else, or for what
 * somebody else typed. */
export function readUnsaved(text: string | null, owner: string): Record<string, Unsaved> {
  const sound: Record<string, Unsaved> = {};
  if (!text) return sound;
  try {
    const kept = JSON.parse(text) as { owner?: string; marks?: Record<string, Unsaved> };
    if (kept === null || kept.owner !== owner || typeof kept.marks !== "object") return sound;
    for (const [id, mark] of Object.entries(kept.marks)) if (isUnsaved(mark)) sound[id] = mark;
  } catch {
    return {};
  }
  return sound;
}

function isUnsaved(mark: Unsaved): boolean {
  const typed = mark?.typed;
  return (
    Number.isInteger(mark?.version) && typeof typed === "object" && typed !== null &&
    [typed.points, typed.text, typed.url].every((text) => typeof text === "string") && [typed.na, typed.raised].every((tick) => typeof tick === "boolean")
  );
}
