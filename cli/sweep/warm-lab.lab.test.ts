import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labConfig } from "../../fixtures/lab/config.ts";
import { openSweep, type SweepPlan } from "./journal.ts";
import { namedEdge } from "./lab-edges.ts";
import { sweep } from "./sweep.ts";
import { labsFor } from "./warm-lab.ts";

const config = labConfig.parse({ deployments: 1, tasks: 1, timeScale: 1_000 });
const { regions, timeScale, deployments } = config;
const plan: SweepPlan = {
  schema: "gameday.sweep/1",
  seed: "sweep",
  regions,
  timeScale,
  deployments,
  how: "silent",
  withinMs: 30_000,
  baselines: 1,
  edges: ["ingress@us-east-2", "route53@us-east-1", "ingress@us-west-2"].map((name) => namedEdge(name, regions)),
};

test("a warm lab plays one failover after the other, and each edge has its own outcome", {
  timeout: 400_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "sweep-"));
  const { signal } = new AbortController();
  const told: string[] = [];
  try {
    using journal = openSweep(join(directory, "sweep.ndjson"), plan);
    const labs: string[] = [];
    await using lab = labsFor({ plan, config, signal, onProgress: (what) => labs.push(what) });
    const matrix = await sweep({
      journal,
      play: (edge) => lab.play(edge),
      now: () => performance.now(),
      onProgress: (line) => told.push(line),
      signal,
    });
    const outcome = (service: string, region: string) => matrix.cell(service, region)?.outcome;
    // Nobody needs the door of the region that is left.
    expect(outcome("ingress", "us-east-2")?.outcome).not.toBe("breaks");
    expect(outcome("route53", "us-east-1")).toMatchObject({ outcome: "breaks", afterHealMs: expect.any(Number) });
    // All of the platform's steps come to their end, and no client is served.
    expect(outcome("ingress", "us-west-2")).toMatchObject({ outcome: "breaks", step: "clients" });
    expect(labs.filter((what) => what === "starting two regions")).toHaveLength(1);
  } catch (error) {
    throw new Error(`told so far: ${told.join("; ")}`, { cause: error });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
