import { expect, test } from "vitest";
import { type Did, did, literal, ok } from "../history/literal.ts";
import { crossStore } from "./cross-store.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { attempt, listed, logsRead, put } from "./literal-deposits.ts";

const check = (...happened: (Did | readonly Did[])[]) =>
  crossStore.check(literal(start, lostAt10s(), ...happened), day);
/** Objects put at 7, 8 and 9 s, of which the last is lost: what was written after 8 s may be. */
const objects = [
  ["1", "2", "3"].map((key, n) => put("objects", "lost", key, 7_000 + n * 1_000)),
  listed("objects", "survivor", 20_000, ["1", "2"]),
].flat();
const images = (...there: boolean[]) =>
  did(
    "probe/images named",
    [20_000, 20_050],
    { region: "survivor" },
    ok({ images: there.map((one, n) => [`registry.survivor/app-${n}@sha256:0`, 3, one]) }),
  );

test("passes when every log and every image is there", () => {
  expect(check(objects, logsRead(20_000, []), images(true, true))).toMatchObject({
    outcome: "pass",
    because: "the survivor has all of 10 logs and 2 images that its rows and pods name",
  });
});

test("fails for a log that nothing explains, and names it", () => {
  expect(check(objects, attempt("t1", 2_000, 5_000), logsRead(20_000, ["t1"]))).toMatchObject({
    outcome: "fail",
    because: "1 log named by rows and not there: dep-01/t1.log",
  });
  // Begun after the fault, so in the survivor.
  expect(check(objects, attempt("t2", 15_000, 16_000), logsRead(20_000, ["t2"]))).toMatchObject({ outcome: "fail" });
});

test("a log that was written while objects were being lost is explained, and so is one that comes late", () => {
  expect(check(objects, attempt("t1", 5_000, 9_500), logsRead(20_000, ["t1"]))).toMatchObject({
    outcome: "pass",
    because: "1 log lost as objects of that time were",
  });
  expect(check(objects, attempt("t1", 2_000, 5_000), logsRead(20_000, ["t1"]), logsRead(34_000, [], 1))).toMatchObject({
    outcome: "pass",
    because: "1 log came late",
  });
});

test("fails for an image that a running pod names and the registry has not", () => {
  expect(check(objects, logsRead(20_000, []), images(true, false))).toMatchObject({
    outcome: "fail",
    because: "1 image named by running pods and not there: registry.survivor/app-1@sha256:0",
  });
});

test("is unknown when nobody looked, nothing was named, or nobody can say when a log was written", () => {
  expect(check(objects)).toMatchObject({ outcome: "unknown", because: expect.stringContaining("nobody looked") });
  expect(check(objects, logsRead(20_000, [], 0))).toMatchObject({ outcome: "unknown" });
  expect(check(objects, logsRead(20_000, ["t9"]))).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("nobody can say when"),
  });
  expect(check(attempt("t1", 8_000, 9_500), logsRead(20_000, ["t1"]))).toMatchObject({ outcome: "unknown" });
});
