import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { Environment, Probe } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { listIn } from "./kubernetes.ts";
import { servingRegion } from "./names.ts";
import { sampler } from "./sampler.ts";

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default("default"),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});
const deployment = z.object({
  metadata,
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({ readyReplicas: 0 }),
});
const pod = z.object({ metadata });

/** What runs in each region, by its Kubernetes API: Deployments with their replicas, and running pods that belong to none of them. */
export const standby: Probe = sampler("standby", (run) => {
  const { environment, scenario } = run;
  const { lost, survivor } = environment.regions;
  const where = servingRegion(run);
  return {
    everyMs: 2 * scenario.timing.probeEveryMs,
    looks: [lost, survivor].map((region) => ({
      f: "look",
      value: { region, expected: environment.platform.warmStandby },
      async look(signal) {
        try {
          const [serving, seen] = await Promise.all([where(), running(environment, region, signal)]);
          return { serving: serving ?? null, ...seen };
        } catch (error) {
          throw new DidNotHappen(codeOf(error), undefined, { cause: error });
        }
      },
    })),
  };
});

/** What Kubernetes runs for itself is nobody's deployment. */
const isOurs = ({ metadata: { namespace } }: z.infer<typeof pod>): boolean => namespace !== "kube-system";

async function running(environment: Environment, region: string, signal: AbortSignal) {
  const [deployments, pods] = await Promise.all([
    listIn(environment, region, { path: "/apis/apps/v1/deployments", shape: deployment }, signal),
    listIn(
      environment,
      region,
      { path: "/api/v1/pods?fieldSelector=status.phase=Running", shape: pod, only: "metadata" },
      signal,
    ),
  ]);
  const wanted = deployments.filter((one) => isOurs(one) && one.spec.replicas > 0);
  const kept = ({ metadata: { namespace, ownerReferences } }: z.infer<typeof pod>): boolean =>
    wanted.some(
      (one) =>
        one.metadata.namespace === namespace &&
        ownerReferences.some(({ kind, name }) => kind === "ReplicaSet" && isReplicaSetOf(name, one.metadata.name)),
    );
  return {
    /** Those that are to run, with how many replicas are ready of how many. */
    runs: wanted.map(({ metadata: { name }, spec, status }) => [name, status.readyReplicas, spec.replicas] as const),
    strays: pods.filter((one) => isOurs(one) && !kept(one)).map(({ metadata: { name } }) => name),
  };
}

/** A ReplicaSet is named after its Deployment, with a hash behind it. */
const isReplicaSetOf = (name: string, owner: string): boolean =>
  name.startsWith(`${owner}-`) && !name.slice(owner.length + 1).includes("-");
