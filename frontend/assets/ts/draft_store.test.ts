import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, readKept, same, typed } from "./draft_store";

const kept = JSON.stringify({ owner: "7", version: 2, fields: [["title", "x"], ["item_name", "a"], ["item_name", "b"]] });

test("reads back what was kept", () => {
  assert.deepEqual(readKept(kept, "7", 2)?.fields, [["title", "x"], ["item_name", "a"], ["item_name", "b"]]);
});

test("leaves what is not its own or not whole", () => {
  for (const text of [null, "", "{", "null", "7", "[]", "{}", '{"owner":"7","version":2,"fields":[["title"]]}', '{"owner":"7","version":2,"fields":[["title",1]]}']) {
    assert.equal(readKept(text, "7", 2), undefined, String(text));
  }
  assert.equal(readKept(kept, "8", 2), undefined);
  assert.equal(readKept(kept, "7", 3), undefined);
});

test("keeps only what was typed", () => {
  assert.deepEqual(typed([["key", "k"], ["title", "x"], ["evidence", "1"], ["also", "2"], ["draft_version", "1"], ["note", ""]]), [["title", "x"], ["note", ""]]);
});

test("tells the same from another", () => {
  assert.equal(same([["a", "1"]], [["a", "1"]]), true);
  assert.equal(same([["a", "1"]], [["a", "2"]]), false);
  assert.equal(same([["a", "1"]], []), false);
});

test("waits longer each time, at most a minute", () => {
  assert.deepEqual([1, 2, 3, 6, 60].map(pause), [2_000, 4_000, 8_000, 60_000, 60_000]);
});
