import { globalRegion } from "../aws/clients.ts";
import { pairSets, plainName, singleSet } from "../aws/records.ts";
import type { Cluster, Resources } from "../cluster.ts";
import { converge } from "../converge.ts";
import type { DnsSwitch } from "../dns-switch.ts";
import { ensureSwitch } from "./dns-switch.ts";
import type { ProvisionOptions } from "./provision.ts";
import { ensureSets, ensureZone } from "./zone.ts";

type Ingress = Pick<Resources, "hostedZoneId" | "dnsSwitch">;

/** The one name that users follow, and whatever leads it to another region: a record that can be moved, or a pair with its switch. */
export async function provisionIngress(cluster: Cluster, name: string, options: ProvisionOptions): Promise<Ingress> {
  const { aws, hostedZone, ingressTtlSeconds, loadBalancer, patience } = options;
  const route53 = aws.route53();
  let hostedZoneId = "";
  await converge(
    `hosted zone ${hostedZone}`,
    async () => {
      hostedZoneId = await ensureZone(route53, hostedZone);
      return { done: true, detail: hostedZoneId };
    },
    patience,
  );
  const { region, dr_region, active_region, dns_strategy } = cluster;
  if (dns_strategy === "move-record" || dr_region === null) {
    const ingress = { name, target: loadBalancer(active_region), ttlSeconds: ingressTtlSeconds };
    await ensureSets(route53, hostedZoneId, name, [singleSet(ingress)], patience);
    return { hostedZoneId, dnsSwitch: null };
  }
  const dnsSwitch = await provisionSwitch(cluster, dr_region, options);
  const pairOf = (called: string) =>
    pairSets({
      name: called,
      ttlSeconds: ingressTtlSeconds,
      primary: { target: loadBalancer(region), healthCheckId: dnsSwitch.healthCheckId },
      secondary: { target: loadBalancer(dr_region) },
    });
  const sets = (called: string, wanted: ReturnType<typeof pairSets>) =>
    ensureSets(route53, hostedZoneId, called, wanted, patience);
  // A new inverted check is unhealthy until its checkers have looked. It is tried under a name that nobody follows: its users would be led to the standby.
  const trial = `trial.${name}`;
  await sets(trial, pairOf(trial));
  await answered(trial, loadBalancer(active_region), options);
  await sets(name, pairOf(name));
  await answered(name, loadBalancer(active_region), options);
  await sets(trial, []);
  return { hostedZoneId, dnsSwitch };
}

async function provisionSwitch(
  { id, region, active_region }: Cluster,
  drRegion: string,
  { aws, endpoint, patience }: ProvisionOptions,
): Promise<DnsSwitch> {
  let made: DnsSwitch | undefined;
  await converge(
    `the switch of ${id} in ${drRegion}`,
    async () => {
      made = await ensureSwitch(aws, {
        cluster: id,
        region: drRegion,
        on: active_region === drRegion,
        apartFrom: [region, drRegion, globalRegion],
        endpoint: endpoint(drRegion),
      });
      return { done: true, detail: made.healthCheckId };
    },
    patience,
  );
  if (made === undefined) throw new Error(`the switch of ${id} was not made`);
  return made;
}

/** Waits until the name servers lead there. */
async function answered(name: string, target: string, { resolveAlias, patience }: ProvisionOptions): Promise<void> {
  await converge(
    `${name} to lead to ${target}`,
    async () => {
      const found = await resolveAlias(name);
      return { done: found === plainName(target), detail: `it is answered with ${found ?? "no name"}` };
    },
    patience,
  );
}
