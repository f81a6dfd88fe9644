import { describe, expect, it } from "vitest";
import { type Check, checkNames } from "./check.ts";
import { type ChecksReport, clusterHealth, type Report, regionHealth } from "./health.ts";

const limits = { everyMs: 1_000, checkEveryMs: 3_000, missed: 3 };
const report = (change: Partial<Report> = {}): Report => ({
  region: "us-east-2",
  applied: "a",
  deployments: [{ name: "dep-01", ready: true }],
  problems: [],
  heardMs: 10_000,
  ...change,
});
const well: readonly Check[] = checkNames
  .filter((name) => name !== "reconciler")
  .map((name) => ({ name, ok: true, detail: "fine" }));
const checked = (change: Partial<ChecksReport> = {}): ChecksReport => ({
  region: "us-east-2",
  checks: well,
  heardMs: 10_000,
  ...change,
});
const healthAt = (nowMs: number, change: Partial<Report> = {}, checks: Partial<ChecksReport> = {}) =>
  regionHealth("us-east-2", { reconciler: report(change), reporter: checked(checks) }, "a", nowMs, limits);
const never = { reconciler: undefined, reporter: undefined };

describe("health of a region", () => {
  it("is unreachable when it was never heard", () => {
    expect(regionHealth("us-east-2", never, "a", 0, limits)).toMatchObject({ state: "unreachable", lastSeenMs: null });
  });

  it("is unreachable once both have been silent, not before", () => {
    expect(healthAt(13_000).state).toBe("healthy");
    expect(healthAt(14_000)).toMatchObject({ state: "degraded", because: "reconciler: silent for 4 s" });
    expect(healthAt(14_001)).toMatchObject({ state: "unreachable", because: "silent for 4 s" });
  });

  it("is degraded by a reconciler that is silent while the reporter speaks, and the other way round", () => {
    expect(healthAt(15_000, {}, { heardMs: 14_000 })).toMatchObject({
      state: "degraded",
      because: "reconciler: silent for 5 s",
      lastSeenMs: 14_000,
    });
    const half = healthAt(20_000, { heardMs: 19_500 });
    expect(half).toMatchObject({ state: "degraded", because: "images: silent for 10 s" });
    expect(half.checks.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(["reconciler"]);
  });

  it.each([
    ["a deployment is not ready", { deployments: [{ name: "dep-01", ready: false }] }, "1 deployments not ready"],
    ["the reconciler has a problem", { problems: ["the API refuses"] }, "the API refuses"],
    ["other manifests are applied", { applied: "b" }, "manifests not applied yet"],
  ])("is degraded when %s", (_, change, because) => {
    expect(healthAt(10_500, change)).toMatchObject({ state: "degraded", because: `reconciler: ${because}` });
  });

  it.each(checkNames.filter((name) => name !== "reconciler"))(
    "is degraded when %s is not right, with its reason",
    (name) => {
      const checks = well.map((check) => (check.name === name ? { name, ok: false, detail: "it broke" } : check));
      const health = healthAt(10_500, {}, { checks });
      expect(health).toMatchObject({ state: "degraded", because: `${name}: it broke` });
      expect(health.checks.filter(({ ok }) => !ok)).toEqual([{ name, ok: false, detail: "it broke" }]);
    },
  );

  it("shows all checks by their names, also one that nobody told of", () => {
    const checks = well.filter(({ name }) => name !== "capacity");
    const health = healthAt(10_500, {}, { checks });
    expect(health.checks.map(({ name }) => name)).toEqual(checkNames);
    expect(health.because).toBe("capacity: not told");
  });
});

describe("health of a cluster", () => {
  it("is the worst of both regions", () => {
    const healthy = healthAt(10_000);
    const degraded = healthAt(10_000, { applied: null });
    expect(clusterHealth(healthy, degraded).worst).toBe("degraded");
    expect(clusterHealth(healthy, { ...degraded, state: "unreachable" }).worst).toBe("unreachable");
    expect(clusterHealth(healthy, null).worst).toBe("healthy");
  });
});
