import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { DeploymentDescription, Environment, Probe, Run } from "../harness/types.ts";
import { ask, codeOf, freshAgent } from "./http.ts";
import { listIn } from "./kubernetes.ts";
import { askAddress, rememberByTtl } from "./names.ts";
import { sampler } from "./sampler.ts";

const jobsPage = z.object({
  jobs: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      hostname: z.string().nullable(),
      latest_heartbeat: z.string().nullable(),
    }),
  ),
});
const door = z.object({ hostname: z.string().optional(), ip: z.string().optional() });
type Door = z.infer<typeof door>;
const ingress = z.object({
  status: z
    .object({ loadBalancer: z.object({ ingress: z.array(door) }).partial() })
    .partial()
    .default({}),
});

/** A scheduler by its job in the deployment's database: the region of its host, and its last heartbeat as that database wrote it. */
type Job = readonly [deployment: string, region: string | null, host: string, id: string, beat: string];

/** Asked at a time in each region; the others have their turn. */
const atOnce = 10;

/**
 * Which schedulers each deployment has, by its own API server in each region: Airflow lists them with their host and their last heartbeat
 * (`GET /api/v2/jobs`), also those that are gone. The region's load balancer is asked itself, whatever the names of the deployments say.
 */
export const schedulers: Probe = sampler("schedulers", (run) => {
  const { environment, scenario } = run;
  const { lost, survivor } = environment.regions;
  const { deployments } = environment.platform;
  const rounds = [lost, survivor].map((region) => ({ region, asker: askerIn(run, region), next: 0 }));
  const look = async (round: (typeof rounds)[number], some: readonly DeploymentDescription[], signal: AbortSignal) => {
    const jobs: Job[] = [];
    const without: [deployment: string, error: string][] = [];
    await Promise.all(
      some.map(async (deployment) => {
        try {
          jobs.push(...(await round.asker(deployment, signal)));
        } catch (error) {
          without.push([deployment.name, codeOf(error)]);
        }
      }),
    );
    // A load balancer that says that there is nobody behind it has answered.
    if (jobs.length === 0 && without.every(([, error]) => !error.startsWith("HTTP_")))
      throw new DidNotHappen(without[0]?.[1] ?? "there are no deployments", { without });
    return { jobs, without };
  };
  return {
    everyMs: scenario.timing.probeEveryMs,
    looks: rounds.map((round) => ({
      f: "look",
      value: { region: round.region },
      look: (signal) => {
        const some = Array.from({ length: Math.min(atOnce, deployments.length) }, () => {
          const one = deployments[round.next++ % deployments.length];
          return one === undefined ? [] : [one];
        });
        return look(round, some.flat(), signal);
      },
    })),
    // All of them once more: what went on unseen since its turn shows.
    stop: async () => {
      if (run.signal.aborted) return;
      await Promise.all(
        rounds.map((round) =>
          run.record({ process: "probe/schedulers", f: "look", value: { region: round.region } }, () =>
            look(round, deployments, AbortSignal.timeout(5_000)),
          ),
        ),
      );
    },
  };
});

type Asker = (deployment: DeploymentDescription, signal: AbortSignal) => Promise<Job[]>;

function askerIn(run: Run, region: string): Asker {
  const { environment, scenario, clock } = run;
  const { port, token } = environment.platform;
  const withinMs = scenario.timing.probeWithinMs;
  const agent = freshAgent();
  const find = rememberByTtl(askAddress(environment, withinMs), clock);
  let door: Promise<Door> | undefined;
  return async ({ name, host }, signal) => {
    door ??= doorOf(environment, region, signal).catch((error: unknown) => {
      door = undefined;
      throw error;
    });
    const { hostname, ip } = await door;
    const address = ip ?? (await find(hostname ?? ""));
    const question = { address, port, host, method: "GET", path: "/api/v2/jobs?job_type=SchedulerJob", token } as const;
    const reply = await ask(agent, { ...question, withinMs }, clock);
    if (reply.status !== 200) throw Object.assign(new Error(reply.text), { code: `HTTP_${reply.status}` });
    return jobsPage.parse(JSON.parse(reply.text)).jobs.flatMap(({ id, hostname, latest_heartbeat }): Job[] => {
      if (hostname === null || latest_heartbeat === null) return [];
      return [[name, environment.regionOf(hostname) ?? null, hostname, String(id), latest_heartbeat]];
    });
  };
}

/** What stands before a region's deployments, by the status of their Ingresses. */
async function doorOf(environment: Environment, region: string, signal: AbortSignal): Promise<Door> {
  const path = "/apis/networking.k8s.io/v1/ingresses";
  const all = await listIn(environment, region, { path, shape: ingress }, signal);
  const [found] = all.flatMap(({ status }) => status.loadBalancer?.ingress ?? []);
  if (found === undefined) throw new Error(`${region} has no Ingress with a load balancer yet`);
  return found;
}
