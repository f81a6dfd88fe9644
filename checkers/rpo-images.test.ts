import { expect, test } from "vitest";
import type { CheckContext } from "../harness/types.ts";
import { type Did, literal } from "../history/literal.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { listed, put } from "./literal-deposits.ts";
import { rpoImages } from "./rpo-images.ts";

const context: CheckContext = { ...day, objectives: { ...day.objectives, rpoObjectsWithinMs: 40_000 } };
const check = (...happened: (Did | readonly Did[])[]) =>
  rpoImages.check(literal(start, lostAt10s(), ...happened), context);
const pushed = ["a", "b", "c"].map((key, n) => put("images", "lost", key, 5_000 + n * 2_000));
const stock = (keys: readonly string[], partial: readonly [string, string][] = []) =>
  listed("images", "survivor", 20_000, keys, { partial });

test("passes when every image that was pushed can be pulled by its digest", () => {
  expect(check(pushed, stock(["a", "b", "c"]))).toMatchObject({
    checker: "rpo-images",
    outcome: "pass",
    because: "no acknowledged image lost, at a resolution of 1.2 s",
  });
});

test("an image of which a blob is missing is lost, until the blob is there", () => {
  expect(check(pushed, stock(["a", "b"], [["c", "blob sha256:1"]]))).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("1 there in part only"),
    details: { counts: { lost: 1, partial: 1 }, lost: [{ key: "c", missing: "blob sha256:1" }] },
  });
  expect(
    check(pushed, stock(["a", "b"], [["c", "blob sha256:1"]]), listed("images", "survivor", 34_000, ["a", "b", "c"])),
  ).toMatchObject({ details: { counts: { lost: 1, late: 1 } } });
});

test("fails when even the newest that is kept is too old, and does not look at objects", () => {
  expect(check(pushed, listed("objects", "survivor", 20_000, ["a", "b", "c"]))).toMatchObject({ outcome: "unknown" });
  expect(check(pushed, stock([]))).toMatchObject({ outcome: "fail", measured: { low: 49_950, high: null } });
});
