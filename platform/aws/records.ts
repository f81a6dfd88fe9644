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
  const changes = records.map((record): Change => ({ Action: "UPSERT", ResourceRecordSet: singleSet(record) }));
  return change(route53, zoneId, changes);
}

async function change(route53: Route53Client, zoneId: string, changes: Change[]): Promise<string> {
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }),
  );
  if (ChangeInfo?.Id === undefined) throw new Error("Route 53 gave no id for the change");
  return ChangeInfo.Id;
}

/** A name that is answered with one of two, by a health check. */
export interface RecordPair {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly primary: { readonly target: string; readonly healthCheckId: string };
  /** Answered with when the primary's check says so; without a check of its own it always can be. */
  readonly secondary: { readonly target: string };
}

/** Every CNAME set of a name: one that stands alone, or those of a pair. */
export async function readSets(route53: Route53Client, zoneId: string, name: string): Promise<ResourceRecordSet[]> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, StartRecordType: "CNAME" }),
  );
  return ResourceRecordSets.filter((set) => plainName(set.Name) === plainName(name) && set.Type === "CNAME");
}

/** Whether the sets that there are are those that are wanted, and no other. */
export function sameSets(sets: readonly ResourceRecordSet[], wanted: readonly ResourceRecordSet[]): boolean {
  return (
    sets.length === wanted.length &&
    wanted.every((one) =>
      sets.some(
        (set) =>
          set.SetIdentifier === one.SetIdentifier &&
          set.Failover === one.Failover &&
          set.HealthCheckId === one.HealthCheckId &&
          Number(set.TTL) === one.TTL &&
          plainName(set.ResourceRecords?.[0]?.Value) === plainName(one.ResourceRecords?.[0]?.Value),
      ),
    )
  );
}

/** Puts the wanted sets in the place of whatever sets the name has, in one atomic change, and gives its id. */
export async function replaceSets(
  route53: Route53Client,
  zoneId: string,
  sets: readonly ResourceRecordSet[],
  wanted: readonly ResourceRecordSet[],
): Promise<string> {
  const strange = sets.filter((set) => !wanted.some((one) => one.SetIdentifier === set.SetIdentifier));
  const changes = [
    ...strange.map((set): Change => ({ Action: "DELETE", ResourceRecordSet: set })),
    ...wanted.map((set): Change => ({ Action: "UPSERT", ResourceRecordSet: set })),
  ];
  return change(route53, zoneId, changes);
}

/** A name that stands alone, as Route 53 has it. */
export const singleSet = ({ name, target, ttlSeconds }: NameRecord): ResourceRecordSet => ({
  Name: name,
  Type: "CNAME",
  TTL: ttlSeconds,
  ResourceRecords: [{ Value: target }],
});

/** The two of a pair. */
export function pairSets({ name, ttlSeconds, primary, secondary }: RecordPair): ResourceRecordSet[] {
  const set = (Failover: "PRIMARY" | "SECONDARY", target: string): ResourceRecordSet => ({
    ...singleSet({ name, target, ttlSeconds }),
    SetIdentifier: Failover.toLowerCase(),
    Failover,
  });
  return [
    { ...set("PRIMARY", primary.target), HealthCheckId: primary.healthCheckId },
    set("SECONDARY", secondary.target),
  ];
}

/** Whether every name server answers with the change. */
export async function isInSync(route53: Route53Client, changeId: string): Promise<boolean> {
  const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: changeId }));
  return ChangeInfo?.Status === "INSYNC";
}

/** Every CNAME of the zone. */
export async function listRecords(route53: Route53Client, zoneId: string): Promise<readonly NameRecord[]> {
  const records: NameRecord[] = [];
  let from: {
    StartRecordName?: string;
    StartRecordType?: ResourceRecordSet["Type"];
    StartRecordIdentifier?: string;
  } = {};
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
      ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
}

/** Route 53 gives names with their last dot. */
export function plainName(name = ""): string {
  return name.replace(/\.$/, "").toLowerCase();
}
