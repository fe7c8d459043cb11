/** Exact decimal arithmetic for the weight of openness: whole numbers of the
 * smallest part that the points have, never floating point. */
export interface Decimal {
  units: bigint;
  /** Number of decimals: value = units / 10 ** scale. */
  scale: number;
}

const zero: Decimal = { units: 0n, scale: 0 };

/** Reads a decimal that is not negative; undefined for anything else. */
export function parse(text: string): Decimal | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = match[2] ?? "";
  return { units: BigInt(match[1] + fraction), scale: fraction.length };
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) - unitsAt(b, scale), scale };
}

export function sum(values: Decimal[]): Decimal {
  return values.reduce(add, zero);
}

/** Writes a decimal without trailing zeros. */
export function show(value: Decimal): string {
  const digits = (value.units < 0n ? -value.units : value.units).toString().padStart(value.scale + 1, "0");
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, "");
  return (value.units < 0n ? "-" : "") + whole + (fraction && "." + fraction);
}

/** Tells whether part / total is at least percent / 100. */
export function atLeast(part: Decimal, total: Decimal, percent: Decimal): boolean {
  const left = part.units * 100n * 10n ** BigInt(total.scale + percent.scale);
  const right = percent.units * total.units * 10n ** BigInt(part.scale);
  return left >= right;
}

/** Writes part / total in percent with at least two decimals, cut off after the
 * fourth: what is below a limit never shows as the limit. */
export function percentage(part: Decimal, total: Decimal): string {
  const scaled = (part.units * 100n * 10000n * 10n ** BigInt(total.scale)) / (total.units * 10n ** BigInt(part.scale));
  const digits = scaled.toString().padStart(5, "0");
  const fraction = digits.slice(-4).replace(/0{1,2}$/, "");
  return digits.slice(0, -4) + "." + fraction;
}
