import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";

/** An alias by name: all names of the platform are CNAMEs. */
export interface NameRecord {
  readonly name: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

/** What the name points to now, by the control plane's own record; undefined when there is none. */
export async function targetOf(route53: Route53Client, zoneId: string, name: string): Promise<string | undefined> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: "CNAME",
      MaxItems: 1,
    }),
  );
  const [found] = ResourceRecordSets;
  if (found === undefined || plainName(found.Name) !== plainName(name) || found.Type !== "CNAME") return undefined;
  return plainName(found.ResourceRecords?.[0]?.Value);
}

/** Writes all records in one atomic change and gives its id. */
export async function upsert(route53: Route53Client, zoneId: string, records: readonly NameRecord[]): Promise<string> {
  const changes = records.map(
    ({ name, target, ttlSeconds }): Change => ({
      Action: "UPSERT",
      ResourceRecordSet: { Name: name, Type: "CNAME", TTL: ttlSeconds, ResourceRecords: [{ Value: target }] },
    }),
  );
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }),
  );
  if (ChangeInfo?.Id === undefined) throw new Error("Route 53 gave no id for the change");
  return ChangeInfo.Id;
}

/** Whether every name server answers with the change. */
export async function isInSync(route53: Route53Client, changeId: string): Promise<boolean> {
  const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: changeId }));
  return ChangeInfo?.Status === "INSYNC";
}

/** Every CNAME of the zone. */
export async function listRecords(route53: Route53Client, zoneId: string): Promise<readonly NameRecord[]> {
  const records: NameRecord[] = [];
  let from: { StartRecordName?: string; StartRecordType?: ResourceRecordSet["Type"] } = {};
  for (;;) {
    const page = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...from }));
    for (const { Name, Type, TTL, ResourceRecords } of page.ResourceRecordSets ?? []) {
      if (Type !== "CNAME") continue;
      records.push({
        name: plainName(Name),
        target: plainName(ResourceRecords?.[0]?.Value),
        ttlSeconds: Number(TTL ?? 0),
      });
    }
    if (page.IsTruncated !== true || page.NextRecordName === undefined) return records;
    from = {
      StartRecordName: page.NextRecordName,
      ...(page.NextRecordType === undefined ? {} : { StartRecordType: page.NextRecordType }),
    };
  }
}

/** Route 53 gives names with their last dot. */
export function plainName(name = ""): string {
  return name.replace(/\.$/, "").toLowerCase();
}
