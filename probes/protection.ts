import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { Millis, Probe, Run } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { servingRegion } from "./names.ts";
import { sampler } from "./sampler.ts";

const record = z.object({
  active_region: z.string().optional(),
  protection: z.object({ state: z.string(), because: z.string().nullish() }).optional(),
  secondary_candidates: z.array(z.string()).optional(),
});
const regionHealth = z.object({ region: z.string(), state: z.string(), because: z.string().nullish() });
const health = z.object({ worst: z.string(), primary: regionHealth, secondary: regionHealth.nullish() });

/** A member of the global database, as RDS tells it in one region. */
interface Member {
  readonly region: string;
  readonly writer: boolean;
  /** `connected` or `pending-resync`; null when RDS says nothing. */
  readonly state: string | null;
}

/** What is claimed and what is seen at one time; what could not be asked is missing, with its error among the troubles. */
interface Sample {
  readonly active?: string;
  readonly claim?: { readonly state: string; readonly because: string };
  readonly candidates?: readonly string[];
  readonly health?: { readonly worst: string; readonly because: string };
  /** RDS in the region that the ingress name points to. */
  readonly witness?: { readonly region: string; readonly members: readonly Member[] };
  readonly troubles: readonly string[];
}

/** Asks once a second whether the platform could lose a region: the platform itself, its health, and RDS where it serves, which depends on neither. */
export const protection: Probe = {
  role: "probe",
  name: "protection",
  async start(run) {
    const everyMs = run.scenario.timing.probeEveryMs;
    const clients = rdsClients(run);
    const where = servingRegion(run);
    let last: { sample: Sample; atMs: Millis } | undefined;
    const sampling = sampler("protection", () => ({
      everyMs,
      looks: [
        {
          f: "sample",
          value: {},
          async look(signal) {
            const sample = await look(run, clients.of, where, signal);
            last = { sample, atMs: run.clock.now() };
            return sample;
          },
        },
      ],
      stop: clients.destroy,
    }));
    await readBound(run, clients.of, where);
    const started = await sampling.start(run);
    return {
      ...started,
      protection: () =>
        last === undefined || run.clock.now() - last.atMs > 3 * everyMs
          ? "nobody could say whether the platform is protected"
          : inTheWay(last.sample),
    };
  },
};

/** What the platform does not tell yet is not held against it; what RDS does not tell is. */
function inTheWay({ claim, health, witness, troubles }: Sample): string | undefined {
  if (claim !== undefined && claim.state !== "protected") return `the platform is ${claim.state}: ${claim.because}`;
  if (health !== undefined && health.worst !== "healthy") return `its health is ${health.worst}: ${health.because}`;
  if (witness === undefined || health === undefined) return `its protection is not known: ${troubles.join("; ")}`;
  if (witness.members.some(({ writer, state }) => !writer && state === "connected")) return undefined;
  const seen = witness.members.map(({ region, writer, state }) => `${region} ${writer ? "writes" : state}`);
  return `RDS in ${witness.region} shows no connected secondary (${seen.join(", ") || "no members"})`;
}

type RdsOf = (region: string) => RDSClient;

function rdsClients({ environment }: Run): { of: RdsOf; destroy: () => void } {
  const known = new Map<string, RDSClient>();
  return {
    of: (region) => {
      const client = known.get(region) ?? new RDSClient({ ...environment.aws(region), maxAttempts: 1 });
      known.set(region, client);
      return client;
    },
    destroy: () => {
      for (const client of known.values()) client.destroy();
    },
  };
}

async function look(
  run: Run,
  rds: RdsOf,
  where: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<Sample> {
  const troubles: string[] = [];
  const tried = <T>(what: string, asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: unknown) => {
      troubles.push(`${what}: ${codeOf(error)}`);
      return undefined;
    });
  const [cluster, healthSeen, witness] = await Promise.all([
    tried("the platform", askPlatform(run, "", record, signal)),
    tried("its health", askPlatform(run, "/health", health, signal)),
    tried("RDS", membersSeen(run, rds, where, signal)),
  ]);
  if (cluster === undefined && healthSeen === undefined && witness === undefined)
    throw new DidNotHappen(troubles.join("; "));
  const { active_region: active, protection: claim, secondary_candidates: candidates } = cluster ?? {};
  const worst = healthSeen && [healthSeen.primary, healthSeen.secondary].find((one) => one?.state === healthSeen.worst);
  return {
    ...(active && { active }),
    ...(claim && { claim: { state: claim.state, because: claim.because ?? "" } }),
    ...(candidates && { candidates }),
    ...(healthSeen && {
      health: { worst: healthSeen.worst, because: worst ? `${worst.region}: ${worst.because ?? ""}` : "" },
    }),
    ...(witness && { witness }),
    troubles,
  };
}

async function askPlatform<T>(run: Run, path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const { url, token, clusterId } = run.environment.platform.controlPlane;
  const reply = await fetch(`${url}/v1/clusters/${clusterId}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  const text = await reply.text();
  if (!reply.ok) throw Object.assign(new Error(text.slice(0, 200)), { code: `HTTP_${reply.status}` });
  return shape.parse(JSON.parse(text));
}

async function membersSeen(
  run: Run,
  rds: RdsOf,
  where: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<NonNullable<Sample["witness"]>> {
  const region = await where();
  if (region === undefined) throw new Error("the ingress name points to no region");
  const asked = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: run.environment.names.globalCluster });
  const { GlobalClusters = [] } = await rds(region).send(asked, { abortSignal: signal });
  const members = (GlobalClusters[0]?.GlobalClusterMembers ?? []).map((member) => ({
    region: member.DBClusterArn?.split(":")[3] ?? "",
    writer: member.IsWriter ?? false,
    state: member.SynchronizationStatus ?? null,
  }));
  return { region, members };
}

/** How long Aurora lets the primary write without a standby: `rds.global_db_rpo`, in seconds; null when it is not set. */
async function readBound(run: Run, rds: RdsOf, where: () => Promise<string | undefined>): Promise<void> {
  const region = await where().catch(() => undefined);
  if (region === undefined) return;
  await run.record({ process: "probe/protection", f: "bound", value: { region } }, async () => {
    const abortSignal = AbortSignal.timeout(5_000);
    try {
      const DBClusterIdentifier = run.environment.names.databaseCluster[region];
      const found = await rds(region).send(new DescribeDBClustersCommand({ DBClusterIdentifier }), { abortSignal });
      const DBClusterParameterGroupName = found.DBClusters?.[0]?.DBClusterParameterGroup;
      if (DBClusterParameterGroupName === undefined) throw new Error("the database cluster has no parameter group");
      const asked = new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName });
      const { Parameters = [] } = await rds(region).send(asked, { abortSignal });
      const bound = Parameters.find(({ ParameterName }) => ParameterName === "rds.global_db_rpo")?.ParameterValue;
      return { seconds: bound === undefined ? null : Number(bound) };
    } catch (error) {
      throw new DidNotHappen(codeOf(error), undefined, { cause: error });
    }
  });
}
