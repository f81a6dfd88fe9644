import { type AwsCall, awsError } from "./aws.ts";

interface Written {
  readonly Changes: readonly {
    readonly ResourceRecordSet: {
      readonly Name: string;
      readonly Type: string;
      readonly TTL: number;
      readonly ResourceRecords: readonly { readonly Value: string }[];
    };
  }[];
}

/** A hosted zone in memory. A change is in sync when it is looked at for the second time. */
export class Zone {
  readonly targets = new Map<string, string>();
  readonly #seconds = new Map<string, number>();
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
      default:
        throw new Error(`${operation} was not expected`);
    }
  };

  #list(from: string, atMost: number) {
    return [...this.targets]
      .filter(([name]) => name >= from)
      .toSorted()
      .slice(0, atMost)
      .map(([name, Value]) => ({
        Name: `${name}.`,
        Type: "CNAME",
        TTL: this.#seconds.get(name) ?? 60,
        ResourceRecords: [{ Value }],
      }));
  }

  #write({ Changes }: Written) {
    for (const { ResourceRecordSet } of Changes) {
      this.targets.set(ResourceRecordSet.Name, ResourceRecordSet.ResourceRecords[0]?.Value ?? "");
      this.#seconds.set(ResourceRecordSet.Name, ResourceRecordSet.TTL);
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
