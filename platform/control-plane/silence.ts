import { nowMs } from "../clock.ts";
import { type Context, reportKey } from "./context.ts";

/** Why the region counts as gone, or undefined while its own reports come in: they are all that tells it, nobody calls it to find out. */
export function silenceOf({ reports, config }: Context, cluster: string, region: string): string | undefined {
  const report = reports.get(reportKey(cluster, region));
  if (report === undefined) return `${region} has not been heard`;
  const silentMs = nowMs() - report.heardMs;
  const { everyMs, missed } = config.health;
  return silentMs > everyMs * missed ? `${region} is silent for ${Math.round(silentMs / 1_000)} s` : undefined;
}
