import { expect, test } from "vitest";
import { type Did, did, fail, info, literal, ok } from "../history/literal.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { refused } from "./refused.ts";

const check = (...happened: (Did | readonly Did[])[]) => refused.check(literal(start, ...happened), day);
const impaired = did("fault/stop-reconciler inject", [5_000, 5_200], { region: "survivor" });
const gate = (atMs: number, end = ok({ because: ["its health is degraded: no reconciler"] })) =>
  did("run/play gate", [5_300, atMs], { withinMs: 30_000 }, end);

test("passes when the check refused in time with its reasons, and nothing was broken", () => {
  expect(check(impaired, gate(9_000))).toMatchObject({
    outcome: "pass",
    because:
      "the steady-state check refused 4 s after the standby was impaired, of 30 s allowed, and nothing was broken: its health is degraded: no reconciler",
    measured: { low: 3_800, high: 4_000, limit: 30_000 },
    details: { reasons: ["its health is degraded: no reconciler"] },
  });
});

test("fails when the check found nothing, gave no reason, or came too late", () => {
  expect(check(impaired, gate(35_300, fail("the steady-state check found nothing in the way")))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("found nothing in the way, although the standby was impaired"),
  });
  expect(check(impaired, gate(9_000, ok({ because: [] })))).toMatchObject({ outcome: "fail" });
  expect(check(impaired, gate(36_000))).toMatchObject({ outcome: "fail", measured: { low: 30_800 } });
});

test("fails when something was broken all the same", () => {
  expect(check(impaired, gate(9_000), lostAt10s())).toMatchObject({
    outcome: "fail",
    because: "lost was lost all the same",
  });
  const more = did("fault/pause-replication inject", [12_000, 12_100], { region: "lost" });
  expect(check(impaired, gate(9_000), more)).toMatchObject({
    outcome: "fail",
    because: "fault/pause-replication was injected after the steady-state check was asked",
  });
});

test("is unknown when the check was not asked to its end, nothing was impaired, or the time is not certain", () => {
  expect(check(impaired)).toMatchObject({ outcome: "unknown" });
  expect(check(impaired, gate(9_000, info("interrupted")))).toMatchObject({ outcome: "unknown" });
  expect(check(gate(9_000))).toMatchObject({ outcome: "unknown" });
  expect(check(impaired, gate(35_100))).toMatchObject({ outcome: "unknown" });
});
