import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readPlaces } from "./code.ts";

const directory = mkdtempSync(join(tmpdir(), "gameday-code-"));
afterAll(() => rmSync(directory, { recursive: true }));
const place = readPlaces("/root/of");

it.each([
  ["a file below the root", ["file:///root/of/a/b.ts:3:9"], { at: "a/b.ts:3" }],
  [
    "its callers, without packages",
    ["/root/of/b.ts:3:9", "/root/of/node_modules/x/i.js:1:1", "/root/of/a.ts:7:1"],
    { at: "b.ts:3", through: ["a.ts:7"] },
  ],
  [
    "three callers at most",
    [1, 2, 3, 4, 5].map((line) => `/root/of/a.ts:${line}:1`),
    { at: "a.ts:1", through: ["a.ts:2", "a.ts:3", "a.ts:4"] },
  ],
  ["a file elsewhere by its last parts", ["file:///elsewhere/in/app/main.ts:3:9"], { at: "app/main.ts:3" }],
  ["a bundle without a map, with the column", ["/elsewhere/app/entry.mjs:12:345"], { at: "app/entry.mjs:12:345" }],
  [
    "a package that acted by itself",
    ["/root/of/node_modules/pg-pool/index.js:230:5"],
    { through: ["node_modules/pg-pool/index.js:230"] },
  ],
  ["nothing", [], {}],
  ["what is no frame", ["rubbish"], {}],
])("tells %s", (_, frames, told) => expect(place(frames)).toEqual(told));

it("tells the line of the source by the map beside a bundle, and leaves out what the map does not have", () => {
  const bundle = join(directory, "entry.mjs");
  // Own code from column 0, a package's from column 4.
  writeFileSync(
    `${bundle}.map`,
    JSON.stringify({ version: 3, sources: ["../platform/own.ts"], names: [], mappings: "AAIA,I;" }),
  );
  expect(place([`${bundle}:1:6`, `${bundle}:1:2`])).toEqual({ at: "platform/own.ts:5" });
});

it("takes a bundle's own line when its map cannot be read", () => {
  const bundle = join(directory, "broken.mjs");
  writeFileSync(`${bundle}.map`, "no map");
  expect(place([`${bundle}:1:6`]).at).toMatch(/broken\.mjs:1:6$/);
});
