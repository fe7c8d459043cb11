import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "./views";

test("a page is called by its title without the product", () => {
  assert.equal(nameOf("Duties · Jinan · Sundial"), "Duties · Jinan");
  assert.equal(nameOf("Board · Sundial"), "Board");
  assert.equal(nameOf("Sundial"), "Sundial");
});
