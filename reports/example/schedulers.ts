import type { Millis } from "../../harness/types.ts";
import { type Did, did, fail, ok } from "../../history/literal.ts";
import { regions } from "./times.ts";

interface Day {
  readonly until: Millis;
  /** The region that works at a time; undefined: none does. */
  readonly servingAt: (time: Millis) => string | undefined;
  readonly isDark: (region: string, time: Millis) => boolean;
}

const EVERY_MS = 2_000;

/** What the API servers of both regions tell of schedulers: those of the region that works beat, and in the other one there is nobody. */
export const schedulers = (deployments: readonly string[], { until, servingAt, isDark }: Day): Did[] =>
  Array.from({ length: Math.floor(until / EVERY_MS) - 1 }, (_, n) => (n + 1) * EVERY_MS).flatMap((time) =>
    [regions.lost, regions.survivor].map((region) => {
      const jobs = servingAt(time) !== region ? [] : deployments.map((name) => jobOf(name, region, time));
      const without = jobs.length > 0 ? [] : deployments.map((name) => [name, "HTTP_503"]);
      return isDark(region, time)
        ? did("probe/schedulers look", [time, time + 800], { region }, fail("TIMEOUT", { without }))
        : did("probe/schedulers look", [time, time + 20], { region }, ok({ jobs, without }));
    }),
  );

const jobOf = (deployment: string, region: string, time: Millis) =>
  [deployment, region, `pod-of-${deployment}`, `${region}/${deployment}`, `beat at ${time}`] as const;
