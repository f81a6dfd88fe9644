import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openLineFile } from "./file.ts";

const directory = mkdtempSync(join(tmpdir(), "gameday-lines-"));
afterAll(() => rmSync(directory, { recursive: true }));
const beat = { beat: 1, seen: 0, dropped: 0 };
const size = JSON.stringify(beat).length + 1;

it("gathers lines for a moment, then appends them", async () => {
  const path = join(directory, "gathered");
  using file = openLineFile(path);
  for (let n = 0; n < 3; n++) file.write(beat);
  expect(readFileSync(path, "utf8")).toBe("");
  await expect.poll(() => readFileSync(path, "utf8")).toBe(`${JSON.stringify(beat)}\n`.repeat(3));
});

it("ends at its greatest size, with whole lines", () => {
  const path = join(directory, "bounded");
  const file = openLineFile(path, 10 * size - 1);
  for (let n = 0; n < 1_000; n++) file.write(beat);
  file[Symbol.dispose]();
  expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify(beat)}\n`.repeat(10));
});

it("writes nothing after its end, and says nothing of it", () => {
  const file = openLineFile(join(directory, "ended"));
  file[Symbol.dispose]();
  expect(() => file.write(beat)).not.toThrow();
  expect(() => openLineFile(join(directory, "missing/file"))).toThrow("ENOENT");
});
