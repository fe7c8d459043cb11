import assert from "node:assert/strict";
import { test } from "node:test";
import { withLegend } from "./chart_legend";

test("a legend has the lines that its names take", () => {
  const top = (names: string[], width: number) => (withLegend(names, 12, width) as { grid: { top: number } }).grid.top;
  assert.equal(top(["济南市", "青岛市"], 600), 56);
  assert.equal(top(["济南市", "青岛市", "淄博市", "枣庄市", "东营市"], 200), 78);
  assert.equal(top(["Rizhao", "Legislative Affairs Office of the Shandong Government", "Taxation Bureau"], 324), 100);
});

test("only names longer than a line are cut", () => {
  const text = (names: string[]) => (withLegend(names, 12, 324) as { legend: { textStyle: { width?: number } } }).legend.textStyle.width;
  assert.equal(text(["济南市"]), undefined);
  assert.equal(text(["Legislative Affairs Office of the Shandong Government"]), 296);
});
