import {
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { unless } from "../aws/errors.ts";
import {
  isInSync,
  listRecords,
  type NameRecord,
  plainName,
  readSets,
  replaceSets,
  sameSets,
  upsert,
} from "../aws/records.ts";
import { converge, type Patience } from "../converge.ts";

/** Route 53 takes 1,000 records in one change, and counts an upsert as two. */
const batchSize = 400;

/** The id of the zone, made when there is none. */
export async function ensureZone(route53: Route53Client, zone: string): Promise<string> {
  const ask = async () => {
    const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 1 }));
    return HostedZones.find(({ Name }) => plainName(Name) === zone)?.Id;
  };
  let id = await ask();
  if (id === undefined) {
    // The same reference twice is refused, so a call whose answer was lost makes no second zone.
    const create = new CreateHostedZoneCommand({ Name: zone, CallerReference: `platform-${zone}` });
    await unless(["HostedZoneAlreadyExists"], undefined, route53.send(create));
    id = await ask();
  }
  if (id === undefined) throw new Error(`hosted zone ${zone} is not there after it was made`);
  return id.replace("/hostedzone/", "");
}

/** Makes the zone say what the records say, and waits until every name server does. */
export async function ensureRecords(
  route53: Route53Client,
  zoneId: string,
  records: readonly NameRecord[],
  patience: Patience,
): Promise<void> {
  let changes: string[] = [];
  await converge(
    `${records.length} records in zone ${zoneId}`,
    async () => {
      const known = new Map((await listRecords(route53, zoneId)).map((record) => [record.name, record]));
      const wrong = records.filter(({ name, target, ttlSeconds }) => {
        const found = known.get(plainName(name));
        return found?.target !== plainName(target) || found.ttlSeconds !== ttlSeconds;
      });
      if (wrong.length > 0) {
        const act = async () => {
          for (let from = 0; from < wrong.length; from += batchSize) {
            changes.push(await upsert(route53, zoneId, wrong.slice(from, from + batchSize)));
          }
        };
        return { done: false, detail: `${wrong.length} to write`, act };
      }
      const pending = await Promise.all(changes.map(async (id) => ((await isInSync(route53, id)) ? [] : [id])));
      changes = pending.flat();
      return { done: changes.length === 0, detail: `${changes.length} changes pending` };
    },
    patience,
  );
}

/** Makes these the only sets of the name, whatever it had before, and waits until every name server has them. */
export async function ensureSets(
  route53: Route53Client,
  zoneId: string,
  name: string,
  wanted: readonly ResourceRecordSet[],
  patience: Patience,
): Promise<void> {
  let change: string | undefined;
  await converge(
    `the sets of ${name} in zone ${zoneId}`,
    async () => {
      const sets = await readSets(route53, zoneId, name);
      if (!sameSets(sets, wanted)) {
        const act = async () => {
          change = await replaceSets(route53, zoneId, sets, wanted);
        };
        return { done: false, detail: "to write", act };
      }
      const done = change === undefined || (await isInSync(route53, change));
      return { done, detail: done ? "written" : "pending" };
    },
    patience,
  );
}
