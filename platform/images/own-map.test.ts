import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundlesOf } from "./bundle.ts";
import { ownMap } from "./own-map.ts";

const root = join(import.meta.dirname, "../..");
const directory = await mkdtemp(join(tmpdir(), "own-map-"));
afterAll(() => rm(directory, { recursive: true }));

/** Where a text stands in a file. */
function placeOf(code: string, text: string): { line: number; column: number } {
  const before = code.slice(0, code.indexOf(text)).split("\n");
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

it("tells the lines of one's own code, and nothing of packages", async () => {
  const source = join(directory, "entry.ts");
  await writeFile(
    source,
    `import { z } from "${join(root, "node_modules/zod/index.js")}";\n\nexport function start(): unknown {\n  return z.literal("found here").parse("x");\n}\n`,
  );
  const { code, map } = (await bundlesOf(directory, { tiny: source })).get("tiny") ?? { code: "", map: "{}" };
  const parsed = JSON.parse(map.toString());
  expect(parsed.sources).toEqual([expect.stringMatching(/entry\.ts$/)]);
  const sourceMap = new SourceMap(parsed);
  const own = placeOf(code.toString(), '"found here"');
  expect(sourceMap.findEntry(own.line, own.column)).toMatchObject({ originalLine: 3 });
  const packages = placeOf(code.toString(), "Invalid");
  expect(sourceMap.findEntry(packages.line, packages.column)).not.toHaveProperty("originalSource", expect.any(String));
  expect(map.length).toBeLessThan(code.length / 100);
});

it("is exact on a map by hand: what is a package's ends what is one's own", () => {
  // Two lines: own 1:1, package 5:1, own 2:3; then a package on a line of its own.
  const whole = { sources: ["../own.ts", "../node_modules/p/p.js"], mappings: "AAAA,ICIA,IDHE;ACCF" };
  const entry = (line: number, column: number) => {
    const { originalSource, originalLine, originalColumn } = Object(
      new SourceMap(JSON.parse(ownMap(whole))).findEntry(line, column),
    );
    return [originalSource, originalLine, originalColumn];
  };
  expect([entry(0, 0), entry(0, 3)]).toEqual([
    ["../own.ts", 0, 0],
    ["../own.ts", 0, 0],
  ]);
  expect(entry(0, 4)[0]).toBeUndefined();
  expect(entry(0, 8)).toEqual(["../own.ts", 1, 2]);
  expect(entry(1, 0)[0]).toBeUndefined();
});
