import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "./views";

test("a page is called by its title without the product, and by its filters", () => {
  assert.equal(nameOf("Duties · Jinan · Sundial", ["Overdue"]), "Duties · Jinan · Overdue");
  assert.equal(nameOf("Board · Sundial", []), "Board");
  assert.equal(nameOf("Sundial", []), "Sundial");
});
