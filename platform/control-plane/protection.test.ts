import { describe, expect, it } from "vitest";
import { pendingSteps } from "../orchestrator/steps.ts";
import { acme } from "../testing/cluster.ts";
import { judgeProtection, type Known } from "./protection.ts";

const quiet: Known = { cluster: acme, move: undefined, cleanUp: undefined, silence: () => undefined, candidates: [] };
const silent = (gone: string) => (region: string) => (region === gone ? `${region} is silent for 9 s` : undefined);
const cleanUp = (rebuilt: "running" | "done") => ({
  state: "running" as const,
  steps: pendingSteps(["rebuilt"]).map((step) => ({
    ...step,
    state: rebuilt,
    detail: "its database is pending-resync",
  })),
});
const failedOver = {
  ...quiet,
  cluster: { ...acme, active_region: "us-west-2" },
  move: { kind: "failover", state: "done" },
} as const;

describe("protection", () => {
  it.each<[string, string, Known, RegExp]>([
    ["two regions that are heard", "protected", quiet, /us-west-2 can take over from us-east-2/],
    ["a standby that is silent", "unprotected", { ...quiet, silence: silent("us-west-2") }, /us-west-2 is silent/],
    [
      "an active region that is silent",
      "unprotected",
      { ...quiet, silence: silent("us-east-2") },
      /us-east-2 is silent/,
    ],
    [
      "no second region",
      "unprotected",
      { ...quiet, cluster: { ...acme, dr_region: null }, candidates: ["eu-west-1"] },
      /set dr_region to eu-west-1/,
    ],
    [
      "no second region and none left",
      "unprotected",
      { ...quiet, cluster: { ...acme, dr_region: null } },
      /no region is left/,
    ],
    [
      "a second region in the making",
      "rebuilding",
      { ...quiet, cluster: { ...acme, state: "creating" } },
      /us-west-2 is being made/,
    ],
    [
      "a failover under way",
      "unprotected",
      { ...quiet, move: { kind: "failover", state: "running" } },
      /failover to us-west-2 is running/,
    ],
    [
      "a failback under way",
      "unprotected",
      { ...failedOver, move: { kind: "failback", state: "running" } },
      /failback to us-east-2 is running/,
    ],
    [
      "a failover back under way",
      "unprotected",
      { ...failedOver, move: { kind: "failover", region: "us-east-2", state: "running" } },
      /failover to us-east-2 is running/,
    ],
    [
      "a lost region after a failover",
      "unprotected",
      { ...failedOver, cleanUp: cleanUp("running"), silence: silent("us-east-2") },
      /us-east-2 is silent/,
    ],
    ["a region that is rebuilt", "rebuilding", { ...failedOver, cleanUp: cleanUp("running") }, /pending-resync/],
    [
      "a rebuilt region",
      "protected",
      { ...failedOver, cleanUp: cleanUp("done") },
      /us-east-2 can take over from us-west-2/,
    ],
    ["a suspended bound", "suspended", { ...quiet, cluster: { ...acme, loss_bound: "suspended" } }, /bound of loss/],
  ])("with %s is %s", (_, state, known, because) => {
    const judged = judgeProtection(known);
    expect(judged.state).toBe(state);
    expect(judged.because).toMatch(because);
  });
});
