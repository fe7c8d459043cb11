import assert from "node:assert/strict";
import { test } from "node:test";
import { lost, plain, points, readUnsaved, sameTyped, units, wanted, type Typed } from "./score_cell";

const typed = (more: Partial<Typed>): Typed => ({ points: "", na: false, raised: false, text: "", url: "", ...more });
const award = { method: "award", points: "20" };

test("points are read as they are typed, exactly", () => {
  assert.equal(plain(" \uff11\uff12\uff0e\uff15 "), "12.5");
  assert.equal(plain("+3\u30025"), "3.5");
  assert.equal(units("12.5"), 1_250_000_000n);
  for (const text of ["", "-1", "x", "1.23456", "1234567", "."]) assert.equal(units(text), undefined, text);
  assert.equal(points(units("19.9")! - units("0.2")!), "19.7");
  assert.equal(points(0n), "0");
});

test("an award below its points loses the difference", () => {
  assert.equal(lost(award, typed({ points: "17.35" })), "2.65");
  assert.equal(lost(award, typed({ points: "20" })), "");
  assert.equal(lost(award, typed({ points: "21" })), "");
  assert.equal(lost(award, typed({ points: "" })), "");
  assert.equal(lost(award, typed({ points: "1", na: true })), "");
});

test("a deduction loses what it takes off, a bonus nothing", () => {
  assert.equal(lost({ method: "deduct", points: "30" }, typed({ points: "2" })), "2");
  assert.equal(lost({ method: "deduct", points: "30" }, typed({ points: "0" })), "");
  assert.equal(lost({ method: "bonus", points: "5" }, typed({ points: "1" })), "");
});

test("points lost, what does not apply and a veto want a reason", () => {
  assert.equal(wanted(award, typed({ points: "1" })), "lost");
  assert.equal(wanted(award, typed({ points: "1", text: " x" })), "");
  assert.equal(wanted(award, typed({ points: "20" })), "");
  assert.equal(wanted(award, typed({ na: true })), "na");
  assert.equal(wanted({ method: "veto", points: "" }, typed({ raised: true })), "veto");
});

test("what was kept is read for its owner alone", () => {
  const mark = { version: 3, typed: typed({ points: "1" }) };
  const text = JSON.stringify({ owner: "7", marks: { staff: mark, odd: { version: "x", typed: {} }, none: null } });
  assert.deepEqual(readUnsaved(text, "7"), { staff: mark });
  for (const other of [null, "", "null", "[]", "{", '{"owner":"7"}', '{"owner":"7","marks":null}']) assert.deepEqual(readUnsaved(other, "7"), {}, String(other));
  assert.deepEqual(readUnsaved(text, "8"), {});
  assert.equal(sameTyped(mark.typed, typed({ points: "1" })), true);
  assert.equal(sameTyped(mark.typed, typed({ points: "1", na: true })), false);
});
