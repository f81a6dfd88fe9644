import { type Check, checkNames } from "./check.ts";

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
/** What a region's health reporter last told of its checks, from within the region. */
export interface ChecksReport {
  readonly region: string;
  readonly checks: readonly Check[];
  readonly heardMs: number;
}
/** The latest of both, undefined when never heard. */
export interface Heard {
  readonly reconciler: Report | undefined;
  readonly reporter: ChecksReport | undefined;
}

export type HealthState = "healthy" | "degraded" | "unreachable";
export interface RegionHealth {
  readonly region: string;
  readonly state: HealthState;
  /** Wall ms; null when it was never heard. */
  readonly lastSeenMs: number | null;
  readonly because: string;
  /** All of them, in the order of `checkNames`; what is not heard any more is not right. */
  readonly checks: Check[];
}
export interface ClusterHealth {
  readonly primary: RegionHealth;
  /** null for a cluster without DR. */
  readonly secondary: RegionHealth | null;
  readonly worst: HealthState;
}

export interface HealthLimits {
  /** Time between two reports of a reconciler, and between two of a health reporter. */
  readonly everyMs: number;
  readonly checkEveryMs: number;
  /** Reports missed in a row before somebody counts as silent. */
  readonly missed: number;
}

/** Health of one region, the worst of its checks and of its silence, which is the only sign that a lost region gives. */
export function regionHealth(
  region: string,
  heard: Heard,
  wantedTag: string | undefined,
  nowMs: number,
  limits: HealthLimits,
): RegionHealth {
  const { reconciler, reporter } = heard;
  const times = [reconciler, reporter].flatMap((one) => (one === undefined ? [] : [one.heardMs]));
  const lastSeenMs = times.length === 0 ? null : Math.max(...times);
  const checks = checkNames.map((name) =>
    name === "reconciler"
      ? reconcilerCheck(reconciler, wantedTag, nowMs, limits)
      : reportedCheck(name, reporter, nowMs, limits),
  );
  const told = { region, lastSeenMs, checks };
  if (lastSeenMs === null) return { ...told, state: "unreachable", because: "never heard" };
  const reachableMs = Math.max(limits.everyMs * limits.missed, limits.checkEveryMs + limits.everyMs);
  if (nowMs - lastSeenMs > reachableMs) {
    return { ...told, state: "unreachable", because: silence(lastSeenMs, nowMs) };
  }
  const broken = checks.find(({ ok }) => !ok);
  if (broken !== undefined) return { ...told, state: "degraded", because: `${broken.name}: ${broken.detail}` };
  return { ...told, state: "healthy", because: "as it should be" };
}

const silence = (heardMs: number, nowMs: number) => `silent for ${Math.round((nowMs - heardMs) / 1_000)} s`;

function reconcilerCheck(
  report: Report | undefined,
  wantedTag: string | undefined,
  nowMs: number,
  { everyMs, missed }: HealthLimits,
): Check {
  const not = (detail: string): Check => ({ name: "reconciler", ok: false, detail });
  if (report === undefined) return not("never heard");
  if (nowMs - report.heardMs > everyMs * missed) return not(silence(report.heardMs, nowMs));
  const [problem] = report.problems;
  if (problem !== undefined) return not(problem);
  if (report.applied !== wantedTag) return not("manifests not applied yet");
  const waiting = report.deployments.filter(({ ready }) => !ready).length;
  if (waiting > 0) return not(`${waiting} deployments not ready`);
  return { name: "reconciler", ok: true, detail: "what it was given is applied" };
}

function reportedCheck(
  name: Check["name"],
  report: ChecksReport | undefined,
  nowMs: number,
  { checkEveryMs, missed }: HealthLimits,
): Check {
  if (report === undefined) return { name, ok: false, detail: "never heard" };
  if (nowMs - report.heardMs > checkEveryMs * missed)
    return { name, ok: false, detail: silence(report.heardMs, nowMs) };
  return report.checks.find((check) => check.name === name) ?? { name, ok: false, detail: "not told" };
}

/** One health for the cluster, the worst of both, so that a broken standby shows at once. */
export function clusterHealth(primary: RegionHealth, secondary: RegionHealth | null): ClusterHealth {
  const order: readonly HealthState[] = ["unreachable", "degraded", "healthy"];
  const worst = order.find((state) => primary.state === state || secondary?.state === state) ?? "healthy";
  return { primary, secondary, worst };
}
