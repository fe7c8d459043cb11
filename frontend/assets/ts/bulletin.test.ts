import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "./bulletin";

const values = new Map([["{应办总数}", "37"], ["{完成率：A类}", "54.05%"]]);

test("fields are filled in, whatever braces and colons were typed", () => {
  assert.equal(fill("共{应办总数}项，｛ 应办总数 ｝项，{完成率:A类}", values), "共37项，37项，54.05%");
});

test("unknown fields stay as they are", () => {
  assert.equal(fill("共{总数}项", values), "共{总数}项");
});
