import { STSClient } from "@aws-sdk/client-sts";
import {
  AppsV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
  type V1Pod,
} from "@kubernetes/client-node";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import { isMissing } from "../../kubernetes/objects.ts";
import { watch } from "../../kubernetes/watch.ts";
import { deploymentLabel, roleAnnotation, roleGate } from "../../manifests/labels.ts";
import { counted } from "../../words.ts";
import { awsOptions } from "../aws.ts";
import { checkTeller } from "../checks.ts";
import { inLanes } from "../lanes.ts";
import { awsAccess, type Container, milliseconds, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";
import { serveTelemetry } from "../telemetry.ts";
import { type Proof, proveRole } from "./prove.ts";

const gatherMs = 20;
const atOnce = 8;

/**
 * Proves again and again that the roles of this region's deployments can be assumed, by asking STS of this region: IAM's own region may be
 * lost. A pod is ready only when its role was proven; one that was ready once stays so, because an STS that errs must not end what runs.
 */
export async function start({ env, ...place }: Container): Promise<RunningPlugin> {
  const settings = readEnv(
    "iam-controller",
    { ...placeSettings, ...awsAccess, CHECK_EVERY_MS: milliseconds(5_000) },
    env,
  );
  const stopped = new AbortController();
  const { signal } = stopped;
  const telemetry = await serveTelemetry("iam-controller", place);
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const sts = new STSClient(awsOptions(settings));
  const tell = checkTeller(config, "iam-controller");
  const proofs = new Map<string, Proof>();

  const proving = gather(prove, { afterMs: gatherMs, signal, onError });
  const gating = gather(openGates, { afterMs: gatherMs, signal, onError });
  const by = { labelSelector: deploymentLabel };
  const deployments = watch(
    config,
    {
      ...by,
      path: "/apis/apps/v1/deployments",
      list: (chosen) => apps.listDeploymentForAllNamespaces(chosen),
      onChange: (changed) => {
        const roles = changed === undefined ? rolesWanted() : rolesOf(changed);
        if (roles.some((role) => !proofs.has(role))) proving.soon();
      },
    },
    signal,
  );
  const pods = watch(
    config,
    {
      ...by,
      path: "/api/v1/pods",
      list: (chosen) => core.listPodForAllNamespaces(chosen),
      onChange: () => gating.soon(),
    },
    signal,
  );
  const again = setInterval(() => proving.soon(), settings.CHECK_EVERY_MS);
  proving.soon();

  function onError(error: unknown): void {
    telemetry.log("failed", { error: error instanceof Error ? error.message : String(error) });
  }
  function rolesWanted(): string[] {
    return [...new Set(deployments.list().flatMap(rolesOf))].sort();
  }

  async function prove(): Promise<void> {
    if (!deployments.synced()) return;
    const wanted = rolesWanted();
    for (const role of wanted) {
      const proof = await proveRole(sts, role, settings.CLUSTER);
      if (proof.ok !== proofs.get(role)?.ok) telemetry.log("role", { role, ...proof });
      proofs.set(role, proof);
    }
    gating.soon();
    const broken = wanted.flatMap((role) => (proofs.get(role)?.ok === false ? [proofs.get(role)?.detail ?? ""] : []));
    const detail = broken.length > 0 ? broken.join("; ") : `${counted(wanted.length, "role")} can be assumed`;
    await tell({ name: "roles", ok: broken.length === 0, detail });
  }

  /** Writes on each pod that has its node whether its role is proven, once for each answer: one that waits for a node can wait for this, too. */
  async function openGates(): Promise<void> {
    await inLanes(
      atOnce,
      pods.list().flatMap((pod) => {
        const proof = proofs.get(pod.metadata?.annotations?.[roleAnnotation] ?? "");
        const said = pod.status?.conditions?.find(({ type }) => type === roleGate);
        if (pod.spec?.nodeName === undefined || proof === undefined || said?.status === "True") return [];
        if (!proof.ok && said?.message === proof.detail) return [];
        return [() => write(pod, proof)];
      }),
    );
  }
  async function write({ metadata }: V1Pod, { ok, detail }: Proof): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    const verdict = ok ? { status: "True" } : { status: "False", reason: "RoleMissing", message: detail };
    const body = { status: { conditions: [{ type: roleGate, ...verdict }] } };
    const asMerge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
    try {
      await core.patchNamespacedPodStatus({ name, namespace, body }, asMerge);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  return {
    ready: () => deployments.synced() && pods.synced(),
    async stop() {
      stopped.abort();
      clearInterval(again);
      await Promise.all([proving.idle(), gating.idle()]);
      sts.destroy();
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

function rolesOf({ spec }: V1Deployment): string[] {
  const role = spec?.template.metadata?.annotations?.[roleAnnotation];
  return role === undefined ? [] : [role];
}
