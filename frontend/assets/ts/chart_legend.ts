const lineHeight = 22;

/** Makes room above the grid for a legend of so many lines as its names take in the width;
 * names longer than a line are cut. */
export function withLegend(names: string[], itemWidth: number, width: number): Record<string, unknown> {
  const longest = Math.max(40, width - itemWidth - 16);
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const item = Math.min(widthOf(name), longest) + itemWidth + 16;
    if (used > 0 && used + item > width) {
      lines++;
      used = 0;
    }
    used += item;
  }
  return { legend: { textStyle: { width: names.some((name) => widthOf(name) > longest) ? longest : undefined, overflow: "truncate" } }, grid: { top: 34 + lines * lineHeight } };
}

/** About how wide words are in the type of a legend: Chinese is as wide as high. */
function widthOf(words: string): number {
  return [...words].reduce((sum, sign) => sum + (sign > "\u2fff" ? 12 : 7), 0);
}
