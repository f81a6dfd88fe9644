import { expect, test } from "vitest";
import { heartbeatLine, type Line } from "./model/lines.ts";
import { parseLine } from "./parse-line.ts";

const lines: readonly Line[] = [
  ["hello", 1_795_000_000_000],
  heartbeatLine(7, { dueMs: 1_795_000_000_123.4, lateMs: 0.26, missed: 1, blocked: true }, 3.14, 204),
  ["t", "finish", "ok", 7, 1_795_000_000_000, 1_795_000_000_005, "42", 1, "", "127.10.0.3"],
  ["p", 7, 1_795_000_000_000, "HTTP 401"],
  ["u", "fresh", 1_795_000_000_000, 12, 0],
  ["bye", 3, ["dropped_iterations count<1"]],
];

test.each(lines.map((line) => ({ line })))("a line of an engine is read as it was written: $line.0", ({ line }) => {
  expect(parseLine(JSON.stringify(line))).toEqual(line);
});

test.each([
  "Request Failed",
  "",
  "[",
  "[]",
  '["constructor",1]',
  '["h",1,2]',
  '["t","vanished","ok",7,1,2,"42",1,""]',
  '{"level":"warning"}',
])("anything else is not a line: %s", (text) => {
  expect(parseLine(text)).toBeUndefined();
});
