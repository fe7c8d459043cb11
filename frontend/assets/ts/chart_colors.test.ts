import assert from "node:assert/strict";
import { test } from "node:test";
import { withColors } from "./chart_colors";

test("only names of colours are replaced, at any depth", () => {
  const option = { color: "var(--red-fill)", name: "of var(--red-fill)", data: [{ value: 3, itemStyle: { color: "var(--fill-met)" } }, null, "var(--line)"] };
  const got = withColors(option, (name) => `<${name}>`);
  assert.deepEqual(got, { color: "<--red-fill>", name: "of var(--red-fill)", data: [{ value: 3, itemStyle: { color: "<--fill-met>" } }, null, "<--line>"] });
  assert.equal(option.color, "var(--red-fill)");
});
