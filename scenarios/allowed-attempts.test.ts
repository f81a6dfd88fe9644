import { expect, test } from "vitest";
import { dependencies } from "../checkers/dependencies.ts";
import { day, lostAt10s, start } from "../checkers/literal-day.ts";
import { did, literal, ok } from "../history/literal.ts";
import { allowedAttempts } from "./allowed-attempts.ts";

const watch = did("probe/egress watch", [0, 0], {
  actors: [{ by: "control-plane" }, { by: "harness", isHarness: true }],
  ranges: [["127.10.0.0/16", "lost"]],
  names: [],
  controlPlanes: "globals",
  allowed: allowedAttempts,
});
const beats = ["control-plane", "harness"].flatMap((by) =>
  Array.from({ length: 16 }, (_, n) =>
    did("probe/egress beat", [n * 2_000, n * 2_000], { by, pid: 1 }, ok({ seen: n, dropped: 0 })),
  ),
);
const judged = (seen: object) =>
  dependencies.check(
    literal(
      start,
      watch,
      beats,
      did(
        "probe/egress attempt",
        [12_000, 12_010],
        { by: "control-plane", pid: 1, via: "sdk", host: "127.10.0.1", port: 4566, signedRegion: "lost", ...seen },
        ok({ tookMs: 10, status: 200 }),
      ),
      lostAt10s(30_000),
    ),
    day,
  ).outcome;

const stack = { service: "cloudformation", operation: "DescribeStacks", at: "platform/aws/stacks.ts:12" };
const failoverFrames = ["platform/orchestrator/compute.ts:45", "platform/orchestrator/database-compute.ts:14"];

test.each([
  ["clean-up looks at a stack", { ...stack, through: ["platform/orchestrator/clean-up.ts:108"] }, "pass"],
  [
    "clean-up takes compute away",
    { service: "cloudformation", operation: "UpdateStack", at: "platform/orchestrator/compute.ts:28" },
    "pass",
  ],
  ["a step of the failover looks at one", { ...stack, through: failoverFrames }, "fail"],
  [
    "Route 53 is asked where it is lost",
    { service: "route53", operation: "ChangeResourceRecordSets", at: "platform/aws/records.ts:40" },
    "fail",
  ],
  ["a probe looks for what a stage came to", { by: "harness", at: "probes/witnesses.ts:60" }, "pass"],
  ["the harness goes there for another reason", { by: "harness", at: "harness/play.ts:60" }, "fail"],
])("in the lost region: %s", (_, seen, outcome) => expect(judged(seen)).toBe(outcome));
