const named = /^var\((--[a-z-]+)\)$/;

/** The options with each colour that is named after the style sheet put in. */
export function withColors<T>(option: T, colorOf: (name: string) => string): T {
  if (typeof option === "string") {
    const name = named.exec(option)?.[1];
    return (name === undefined ? option : colorOf(name)) as T;
  }
  if (Array.isArray(option)) return option.map((one) => withColors(one, colorOf)) as T;
  if (option === null || typeof option !== "object") return option;
  return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, withColors(value, colorOf)])) as T;
}
