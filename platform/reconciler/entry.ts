import { nowMs, pause } from "../clock.ts";
import { applierOf } from "./apply.ts";
import { kubernetesOf } from "./kubernetes.ts";
import { readiness } from "./readiness.ts";
import { reporterOf } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import { type Desired, sourceOf } from "./source.ts";

/** What a container is told by whoever runs it. */
export interface Container {
  readonly env: Readonly<Record<string, string>>;
}

const retryAfterMs = 500;

/** Keeps one region as the control plane's manifest says: fetches its own variant, applies, prunes, reports. Ready when it has applied once. */
export async function start({ env }: Container) {
  const settings = readSettings(env);
  const stopped = new AbortController();
  const { signal } = stopped;
  const source = sourceOf(settings);
  const kubernetes = kubernetesOf(settings);
  const applier = applierOf(kubernetes);
  let desired: Desired | undefined;
  let applied: string | null = null;
  let problems: string[] = [];

  const watched = kubernetes.watchDeployments(() => reporter.soon(), signal);
  const reporter = reporterOf(
    {
      look: () => ({ applied, problems, deployments: readiness(desired?.objects ?? [], watched) }),
      send: (report) => source.report(report, signal),
      everyMs: settings.REPORT_EVERY_MS,
    },
    signal,
  );

  const reconcile = async () => {
    let resyncAtMs = nowMs() + settings.RESYNC_EVERY_MS;
    while (!signal.aborted) {
      try {
        desired = (await source.next(applied ?? undefined, signal)) ?? desired;
        if (nowMs() >= resyncAtMs) {
          applier.forget();
          resyncAtMs = nowMs() + settings.RESYNC_EVERY_MS;
        }
        if (desired === undefined) continue;
        await applier.apply(desired.objects);
        problems = [];
        if (applied === desired.etag) continue;
        applied = desired.etag;
      } catch (error) {
        problems = [error instanceof Error ? error.message : String(error)];
        await pause(retryAfterMs, signal);
      }
      reporter.soon();
    }
  };
  const reconciling = reconcile();

  return {
    ready: () => applied !== null,
    async stop() {
      stopped.abort();
      await Promise.all([reconciling, reporter.ended]);
    },
  };
}
