import { describe, expect, it } from "vitest";
import { clusterHealth, type Report, regionHealth } from "./health.ts";

const limits = { everyMs: 1_000, missed: 3 };
const report = (change: Partial<Report> = {}): Report => ({
  region: "us-east-2",
  applied: "a",
  deployments: [{ name: "dep-01", ready: true }],
  problems: [],
  heardMs: 10_000,
  ...change,
});
const stateAt = (nowMs: number, change: Partial<Report> = {}, wanted = "a") =>
  regionHealth("us-east-2", report(change), wanted, nowMs, limits).state;

describe("health of a region", () => {
  it("is unreachable when it was never heard", () => {
    expect(regionHealth("us-east-2", undefined, "a", 0, limits)).toMatchObject({
      state: "unreachable",
      lastSeenMs: null,
    });
  });

  it("is unreachable once the missed reports are over, not before", () => {
    expect(stateAt(13_000)).toBe("healthy");
    expect(stateAt(13_001)).toBe("unreachable");
  });

  it.each([
    ["a deployment is not ready", { deployments: [{ name: "dep-01", ready: false }] }],
    ["the reconciler has a problem", { problems: ["the API refuses"] }],
    ["other manifests are applied", { applied: "b" }],
  ])("is degraded when %s", (_, change) => {
    expect(stateAt(10_500, change)).toBe("degraded");
  });
});

describe("health of a cluster", () => {
  it("is the worst of both regions", () => {
    const healthy = regionHealth("us-east-2", report(), "a", 10_000, limits);
    const degraded = regionHealth("us-west-2", report({ applied: null }), "a", 10_000, limits);
    expect(clusterHealth(healthy, degraded).worst).toBe("degraded");
    expect(clusterHealth(healthy, { ...degraded, state: "unreachable" }).worst).toBe("unreachable");
    expect(clusterHealth(healthy, null).worst).toBe("healthy");
  });
});
