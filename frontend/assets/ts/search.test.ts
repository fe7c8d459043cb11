import assert from "node:assert/strict";
import { test } from "node:test";
import { leadsHere, next } from "./search";

const key = (name: string, more: object = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more });
const at = (selector: string, type = "") => ({ closest: (asked: string) => (asked.split(", ").includes(selector) ? { type } : null) });

test("the slash and Control+K lead to the field", () => {
  assert.equal(leadsHere(key("/")), true);
  assert.equal(leadsHere(key("/", { target: at("a") })), true);
  assert.equal(leadsHere(key("/", { target: at("input", "checkbox") })), true);
  assert.equal(leadsHere(key("k", { ctrlKey: true, target: at("textarea") })), true);
  assert.equal(leadsHere(key("K", { metaKey: true })), true);
});

test("what is typed somewhere stays there", () => {
  for (const field of ["input", "textarea", "select"]) assert.equal(leadsHere(key("/", { target: at(field) })), false, field);
  assert.equal(leadsHere(key("k")), false);
  assert.equal(leadsHere(key("/", { altKey: true })), false);
  assert.equal(leadsHere(key("/", { ctrlKey: true })), false);
});

test("the arrows go around", () => {
  assert.deepEqual([next(-1, 3, true), next(2, 3, true), next(-1, 3, false), next(0, 3, false), next(2, 3, false)], [0, 0, 2, 2, 1]);
});
