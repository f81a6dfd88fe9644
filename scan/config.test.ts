import { expect, it } from "vitest";
import { readConfig } from "./config.ts";

it("gives what it says, with one glob or many", () => {
  const config = readConfig(
    '{ "failoverPath": "a.ts", "allow": [{ "files": ["x", "y"], "reason": "why" }] }',
    "f.json",
  );
  expect(config).toMatchObject({
    paths: ["."],
    failoverPath: ["a.ts"],
    allow: [{ files: ["x", "y"], reason: "why" }],
    places: [],
  });
});

it.each([
  ["no JSON", "{", "f.json is not JSON: "],
  ["another key", '{ "ignore": [] }', 'f.json: the whole: Unrecognized key: "ignore"'],
  ["no reason", '{ "allow": [{ "rule": "region-name" }] }', "f.json: allow.0.reason: "],
  ["an empty reason", '{ "allow": [{ "reason": " " }] }', 'allow.0.reason: say why in `reason` (given: " ")'],
  [
    "a rule that is not",
    '{ "allow": [{ "rule": "regions", "reason": "x" }] }',
    'allow.0.rule: Invalid option: expected one of "parameter-or-secret"',
  ],
  ["a number for a path", '{ "paths": [3] }', "paths.0: Invalid input: expected string, received number (given: 3)"],
])("refuses %s, and names file, key and value", (_, text, message) => {
  expect(() => readConfig(text, "f.json")).toThrow(message);
  expect(() => readConfig(text, "f.json")).toThrow(expect.objectContaining({ exitCode: 2 }));
});
