import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "./unit_choice";

test("units are found by any part of their names, in whatever case", () => {
  assert.equal(fits(" Qingdao ", "QING"), true);
  assert.equal(fits("青岛市", "岛 "), true);
  assert.equal(fits("青岛市", ""), true);
  assert.equal(fits("青岛市", "济南"), false);
});
