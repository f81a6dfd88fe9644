/** What a region's reconciler last told. */
export interface Report {
  readonly region: string;
  /** Tag of the manifest it has applied last; null when it has applied none yet. */
  readonly applied: string | null;
  readonly deployments: readonly { readonly name: string; readonly ready: boolean }[];
  /** What keeps it from doing its work, in words. */
  readonly problems: readonly string[];
  /** When the control plane heard it, wall ms. */
  readonly heardMs: number;
}

export type HealthState = "healthy" | "degraded" | "unreachable";
export interface RegionHealth {
  readonly region: string;
  readonly state: HealthState;
  /** Wall ms; null when it was never heard. */
  readonly lastSeenMs: number | null;
  readonly because: string;
  /** What was looked at there, one by one. */
  readonly checks?: readonly Check[];
}
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}
export interface ClusterHealth {
  readonly primary: RegionHealth;
  /** null for a cluster without DR. */
  readonly secondary: RegionHealth | null;
  readonly worst: HealthState;
}

export interface HealthLimits {
  readonly everyMs: number;
  readonly missed: number;
}

/** Health of one region by its own reports: silence is the only sign that a lost region gives. */
export function regionHealth(
  region: string,
  report: Report | undefined,
  wantedTag: string | undefined,
  nowMs: number,
  { everyMs, missed }: HealthLimits,
): RegionHealth {
  if (report === undefined) return { region, state: "unreachable", lastSeenMs: null, because: "never heard" };
  const told = { region, lastSeenMs: report.heardMs };
  const silentMs = nowMs - report.heardMs;
  if (silentMs > everyMs * missed) {
    return { ...told, state: "unreachable", because: `silent for ${Math.round(silentMs / 1_000)} s` };
  }
  const waiting = report.deployments.filter(({ ready }) => !ready).length;
  const [problem] = report.problems;
  if (problem !== undefined) return { ...told, state: "degraded", because: problem };
  if (report.applied !== wantedTag) return { ...told, state: "degraded", because: "manifests not applied yet" };
  if (waiting > 0) return { ...told, state: "degraded", because: `${waiting} deployments not ready` };
  return { ...told, state: "healthy", because: "as it should be" };
}

/** One health for the cluster, the worst of both, so that a broken standby shows at once. */
export function clusterHealth(primary: RegionHealth, secondary: RegionHealth | null): ClusterHealth {
  const order: readonly HealthState[] = ["unreachable", "degraded", "healthy"];
  const worst = order.find((state) => primary.state === state || secondary?.state === state) ?? "healthy";
  return { primary, secondary, worst };
}
