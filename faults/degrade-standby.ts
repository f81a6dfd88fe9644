import { AppsV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { RollbackFailed } from "../harness/errors.ts";
import type { Fault, Run, Started } from "../harness/types.ts";
import { until } from "../harness/until.ts";

const process = "fault/degrade-standby";
const namespace = "platform-system";

/**
 * Stops one component of the region that stands by: nothing serves worse for it, and a failover would fail. It is done as an operator's
 * mistake would do it, over the Kubernetes API.
 */
export const degradeStandby = ({ component = "reconciler" }: { readonly component?: string } = {}): Fault => ({
  role: "fault",
  name: "degrade-standby",
  plan: {
    breaks: `the standby's ${component} is scaled to nothing; no client notices`,
    forAtMostMs: 600_000,
    undoneBy: ["scaling it back", "gameday heal, which removes the lab"],
  },
  async start(run): Promise<Started> {
    const { survivor } = run.environment.regions;
    const value = { region: survivor, action: "degrade-standby", component };
    const apps = appsOf(run, survivor);
    const read = () => apps.readNamespacedDeployment({ name: component, namespace });
    const { spec } = await read();
    const before = spec?.replicas ?? 1;
    const injected = await run.record({ process, f: "inject", value }, () => scale(apps, component, 0));
    if (injected.type !== "ok") throw new Error(`the standby was not degraded: ${injected.error}`);
    const running = async () => (await read()).status?.readyReplicas ?? 0;
    const confirmed = await run.record({ process, f: "confirm", value }, async () => {
      const wait = { clock: run.clock, withinMs: 15_000, signal: run.signal };
      const observed = await until(`the end of ${component}`, running, (count) => count === 0, wait);
      return { how: `${component} has no ready pod in ${survivor}`, observed: { ready: observed } };
    });
    const heal = async (): Promise<void> => {
      const done = await run.record({ process, f: "heal", value }, async () => {
        await scale(apps, component, before);
        const wait = { clock: run.clock, withinMs: 30_000 };
        await until(`${component} to be as it was`, running, (count) => count === before, wait);
        return {};
      });
      if (done.type !== "ok")
        throw new RollbackFailed(`${component} in ${survivor} is not as it was: ${done.error}`, {
          hint: `kubectl -n ${namespace} scale deployment ${component} --replicas ${before}`,
        });
    };
    if (confirmed.type !== "ok") {
      await heal();
      throw new Error(`the standby was not degraded: ${confirmed.error}`);
    }
    return { [Symbol.asyncDispose]: heal };
  },
});

function appsOf(run: Run, region: string): AppsV1Api {
  const { server, token } = run.environment.kubernetes(region);
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: region, server, skipTLSVerify: true }, { name: "gameday", token });
  return config.makeApiClient(AppsV1Api);
}

async function scale(apps: AppsV1Api, name: string, replicas: number): Promise<object> {
  await apps.patchNamespacedDeploymentScale(
    { name, namespace, body: { spec: { replicas } } },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
  return { replicas };
}
