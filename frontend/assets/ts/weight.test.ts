import assert from "node:assert/strict";
import { test } from "node:test";
import { add, atLeast, parse, percentage, show, subtract, sum } from "./weight";

const d = (text: string) => parse(text)!;

test("refuses what is not a plain decimal", () => {
  for (const text of ["", "-1", "1e3", "4%", "1.2345678", "１", "."]) assert.equal(parse(text), undefined, text);
});

test("adds and subtracts exactly", () => {
  assert.equal(show(add(d("0.1"), d("0.2"))), "0.3");
  assert.equal(show(sum([d("39.99"), d("30"), d("930.01")])), "1000");
  assert.equal(show(subtract(d("1"), d("1.05"))), "-0.05");
});

test("decides the limit exactly", () => {
  assert.equal(atLeast(d("39.99"), d("1000"), d("4")), false);
  assert.equal(atLeast(d("39.999999"), d("1000"), d("4")), false);
  assert.equal(atLeast(d("4.00"), d("100"), d("4")), true);
  assert.equal(atLeast(d("4"), d("100.0"), d("4.0")), true);
});

test("never rounds up to the limit", () => {
  assert.equal(percentage(d("39.99"), d("1000")), "3.999");
  assert.equal(percentage(d("39.999999"), d("1000")), "3.9999");
  assert.equal(percentage(d("4"), d("100")), "4.00");
  assert.equal(percentage(d("1"), d("1000")), "0.10");
});
