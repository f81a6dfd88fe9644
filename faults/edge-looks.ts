import { Resolver } from "node:dns/promises";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Run } from "../harness/types.ts";
import type { FailedEdge } from "./fail-edges.ts";

/** A look at an edge from outside. Gives how it failed, or undefined when it answered in time. */
export interface LookAtEdge {
  readonly edge: FailedEdge;
  readonly look: () => Promise<string | undefined>;
}

/** Longer than any edge takes that is well. */
const lookWithinMs = 400;

/** A call that changes nothing, and its signal to give up. */
type Ask = (abortSignal: AbortSignal) => Promise<unknown>;

/** Looks at edges. Disposed, they let go of their clients. Rejects with a RangeError for a service that nobody can look at. */
export interface EdgeLooks extends AsyncDisposable {
  readonly all: readonly LookAtEdge[];
}

/** Names are looked up beforehand, while all is well: afterwards they may lead nowhere, or somewhere else. */
export async function lookAtEdges(run: Run, edges: readonly FailedEdge[]): Promise<EdgeLooks> {
  await using clients = new AsyncDisposableStack();
  const needsWay = edges.some(({ service }) => service === "ingress" || service === "dns");
  const way = needsWay ? await wayIn(run) : undefined;
  const all = edges.map((edge): LookAtEdge => {
    const ask = askOf(run, edge, clients, way);
    return {
      edge,
      look: () =>
        ask(AbortSignal.timeout(lookWithinMs)).then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.name : String(error)),
        ),
    };
  });
  const owned = clients.move();
  return { all, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function askOf(run: Run, { service, region }: FailedEdge, clients: AsyncDisposableStack, way: WayIn | undefined): Ask {
  const { environment } = run;
  const kept = <Client extends { destroy(): void }>(client: Client): Client =>
    clients.adopt(client, () => client.destroy());
  const at = () => ({ ...environment.aws(region), maxAttempts: 1 });
  switch (service) {
    case "route53": {
      const client = kept(new Route53Client(at()));
      return (abortSignal) => client.send(new ListHostedZonesCommand(), { abortSignal });
    }
    case "iam": {
      const client = kept(new IAMClient(at()));
      return (abortSignal) => client.send(new ListRolesCommand(), { abortSignal });
    }
    case "rds": {
      const client = kept(new RDSClient(at()));
      return (abortSignal) => client.send(new DescribeGlobalClustersCommand(), { abortSignal });
    }
    case "s3": {
      const client = kept(new S3Client({ ...at(), forcePathStyle: true }));
      return (abortSignal) => client.send(new ListBucketsCommand(), { abortSignal });
    }
    case "sts": {
      const client = kept(new STSClient(at()));
      return (abortSignal) => client.send(new GetCallerIdentityCommand(), { abortSignal });
    }
    case "kubernetes":
      return get(() => `${environment.kubernetes(region).server}/healthz`);
    case "registry":
      return get(() => `${environment.registry(region).url}/v2/`);
    case "ingress": {
      const { address } = into(way, region);
      return get(() => `http://${address}:${environment.platform.port}/healthz`);
    }
    case "dns": {
      const { resolve } = into(way, region);
      return () => resolve();
    }
    default:
      throw new RangeError(`nobody can look at ${service} here`);
  }
}

/** An answer that says that the server is in trouble is none. */
const get =
  (url: () => string): Ask =>
  async (signal) => {
    const { status } = await fetch(url(), { signal });
    if (status === 429 || status >= 500) throw Object.assign(new Error(url()), { name: `HTTP_${status}` });
  };

/** The load balancer that clients are led to. */
interface WayIn {
  readonly address: string;
  readonly region: string | undefined;
  /** Asks for its name again. Rejects when it has no address. */
  readonly resolve: () => Promise<unknown>;
}

/** The way of a client: the ingress name is an alias, and what it leads to belongs to a region. */
async function wayIn({ environment }: Run): Promise<WayIn> {
  const { dns, platform } = environment;
  const resolver = new Resolver({ timeout: lookWithinMs, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  const [name = ""] = await resolver.resolveCname(platform.ingressName);
  const [address = ""] = await resolver.resolve4(name);
  return { address, region: environment.regionOf(address), resolve: () => resolver.resolve4(name) };
}

function into(way: WayIn | undefined, region: string): WayIn {
  if (way === undefined || way.region !== region)
    throw new RangeError(
      `clients are led to ${way?.region ?? "no region"}, so nobody can look at the way into ${region}`,
    );
  return way;
}
