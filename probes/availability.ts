import { DidNotHappen } from "../harness/errors.ts";
import type { DeploymentDescription, Probe, Run } from "../harness/types.ts";
import { type Client, freshClient, stickyClient } from "./clients.ts";
import { codeOf } from "./http.ts";

type Kind = "shallow" | "deep";
interface Series {
  readonly deployment: DeploymentDescription;
  readonly kind: Kind;
  readonly client: Client;
  readonly everyMs: number;
  /** How many of the last samples were good, without a bad one between. */
  goodInARow: number;
  last: string;
}

/**
 * Watches every deployment on an open schedule from outside: shallow (its health page) and deep (write, then read back) with a new
 * connection each time, and shallow again over a kept connection. Samples are staggered and may overlap; each has its own deadline.
 */
export const availability: Probe = {
  role: "probe",
  name: "availability",
  async start(run) {
    const { timing } = run.scenario;
    const random = run.random.fork("probe/availability");
    const clients = { fresh: freshClient(run), sticky: stickyClient(run) };
    const series: Series[] = run.environment.platform.deployments.flatMap((deployment) => {
      const one = (kind: Kind, client: Client, everyMs: number): Series => ({
        deployment,
        kind,
        client,
        everyMs,
        goodInARow: 0,
        last: "not asked yet",
      });
      return [
        one("shallow", clients.fresh, timing.probeEveryMs),
        // Two calls, one of them a write: at half the rate, or the probes would be a third of the load they watch.
        one("deep", clients.fresh, 2 * timing.probeEveryMs),
        // A kept connection tells about clients that never let go; a quarter of the rate is enough for that.
        one("shallow", clients.sticky, 4 * timing.probeEveryMs),
      ];
    });
    const open = new Set<Promise<unknown>>();
    const begin = run.clock.now();
    const schedules = series.map((one, n) => {
      // Even spacing with a little seeded noise, so that no two periodic things in the platform and here march in step.
      const offset = ((n + random.next()) / series.length) * one.everyMs;
      return run.clock.every(begin + Math.round(offset), one.everyMs, (due) => {
        const sampling = sample(run, one, due).finally(() => open.delete(sampling));
        open.add(sampling);
      });
    });
    return {
      standing: () =>
        standing(
          series.filter((one) => one.client.name === "fresh"),
          timing.upAfter,
        ),
      async [Symbol.asyncDispose]() {
        for (const schedule of schedules) schedule[Symbol.dispose]();
        await Promise.all(open);
        for (const client of Object.values(clients)) client[Symbol.dispose]();
      },
    };
  },
};

async function sample(run: Run, series: Series, due: number): Promise<void> {
  const { deployment, kind, client } = series;
  const outcome = await run.record(
    {
      process: "probe/availability",
      f: "sample",
      value: { deployment: deployment.name, kind, client: client.name, due },
    },
    async () => {
      const sent = run.clock.now();
      const seen = (): object => ({ ms: run.clock.now() - sent, lateMs: sent - due });
      try {
        const address =
          kind === "shallow" ? await client.health(deployment) : await client.writeThenRead(deployment, due);
        return { region: run.environment.regionOf(address), address, ...seen() };
      } catch (error) {
        throw new DidNotHappen(codeOf(error), seen());
      }
    },
  );
  series.goodInARow = outcome.type === "ok" ? series.goodInARow + 1 : 0;
  series.last = outcome.type === "ok" ? "up" : (outcome.error ?? "down");
}

function standing(series: readonly Series[], upAfter: number): string | undefined {
  const weak = series.filter((one) => one.goodInARow < upAfter);
  if (weak.length === 0) return undefined;
  const names = new Set(weak.map((one) => one.deployment.name));
  const shown = weak.slice(0, 3).map((one) => `${one.deployment.name} ${one.kind}: ${one.last}`);
  return `${names.size} deployments not stable yet (${shown.join("; ")}${weak.length > 3 ? "; …" : ""})`;
}
