import { type AwsCall, awsError } from "./aws.ts";

interface RecordSet {
  readonly Name: string;
  readonly Type: string;
  readonly TTL: number;
  readonly ResourceRecords: readonly { readonly Value: string }[];
  readonly SetIdentifier?: string;
  readonly Failover?: string;
  readonly HealthCheckId?: string;
}
interface Written {
  readonly Changes: readonly { readonly Action: string; readonly ResourceRecordSet: RecordSet }[];
}

/** A hosted zone in memory. A change is in sync when it is looked at for the second time. */
export class Zone {
  /** Where a name that stands alone, or the primary of a pair, leads. */
  readonly targets = new Map<string, string>();
  /** Where the secondary of a pair leads. */
  readonly secondaries = new Map<string, string>();
  readonly #seconds = new Map<string, number>();
  readonly #checks = new Map<string, string>();
  readonly #changes: number[] = [];

  readonly answer = ({ operation, input }: AwsCall): unknown => {
    switch (operation) {
      case "ListHostedZonesByName":
        return { HostedZones: [{ Id: "/hostedzone/Z1", Name: `${String(input["DNSName"])}.` }] };
      case "ListResourceRecordSets":
        return {
          ResourceRecordSets: this.#list(String(input["StartRecordName"] ?? ""), Number(input["MaxItems"] ?? 300)),
        };
      case "ChangeResourceRecordSets":
        return this.#write(input["ChangeBatch"] as Written);
      case "GetChange":
        return { ChangeInfo: { Status: this.#isSpread(Number(input["Id"])) ? "INSYNC" : "PENDING" } };
      case "CreateHealthCheck":
        return { HealthCheck: { Id: `check of ${String(input["CallerReference"])}` } };
      default:
        throw new Error(`${operation} was not expected`);
    }
  };

  #list(from: string, atMost: number) {
    const set = (name: string, Value: string, more: object = {}) => ({
      Name: `${name}.`,
      Type: "CNAME",
      TTL: this.#seconds.get(name) ?? 60,
      ResourceRecords: [{ Value }],
      ...more,
    });
    return [...this.targets]
      .filter(([name]) => name >= from)
      .toSorted()
      .flatMap(([name, target]) => {
        const secondary = this.secondaries.get(name);
        if (secondary === undefined) return [set(name, target)];
        return [
          set(name, target, { SetIdentifier: "primary", Failover: "PRIMARY", HealthCheckId: this.#checks.get(name) }),
          set(name, secondary, { SetIdentifier: "secondary", Failover: "SECONDARY" }),
        ];
      })
      .slice(0, atMost);
  }

  #write({ Changes }: Written) {
    for (const { Action, ResourceRecordSet } of Changes) {
      const { Name, Failover, HealthCheckId, TTL, ResourceRecords } = ResourceRecordSet;
      const name = Name.replace(/\.$/, "");
      const target = ResourceRecords[0]?.Value ?? "";
      this.#seconds.set(name, TTL);
      if (HealthCheckId !== undefined) this.#checks.set(name, HealthCheckId);
      if (Action === "DELETE") (Failover === "SECONDARY" ? this.secondaries : this.targets).delete(name);
      else if (Failover === "SECONDARY") this.secondaries.set(name, target);
      else this.targets.set(name, target);
    }
    this.#changes.push(2);
    return { ChangeInfo: { Id: String(this.#changes.length - 1), Status: "PENDING" } };
  }

  #isSpread(id: number): boolean {
    const left = this.#changes[id];
    if (left === undefined) throw awsError("NoSuchChange");
    this.#changes[id] = left - 1;
    return left <= 1;
  }
}
