import type { CleanUpRecord } from "../orchestrator/clean-up.ts";
import type { FailoverRecord, InflationState } from "../orchestrator/step.ts";
import { type AwsCall, awsError } from "./aws.ts";
import { RegionDatabase } from "./region-database.ts";
import { Zone } from "./zone.ts";

export const east = "us-east-2";
export const west = "us-west-2";
/** A third region, which the database is not in. */
export const elsewhere = "eu-west-1";
const arnIn = (region: string) => `arn:aws:rds:${region}:000000000000:cluster:acme-${region}`;
const placeIn = (region: string) => ({
  region,
  databaseCluster: `acme-${region}`,
  databaseClusterArn: arnIn(region),
  databaseInstance: `acme-${region}-1`,
  stack: "acme-database",
});
const recordTo = (region: string): Omit<FailoverRecord, "from"> => {
  const { region: to, ...place } = placeIn(region);
  return {
    ...place,
    cluster: "acme",
    to,
    globalCluster: "acme-global",
    hostedZoneId: "Z1",
    ingressName: "ingress.acme.airflow.example",
    ingressTtlSeconds: 60,
    loadBalancer: `ingress.${region}.elb.example`,
    dnsSwitch: null,
  };
};

/** A failover from the east to the west, where the west is all that is left. */
export const secondaryRecord: FailoverRecord = { ...recordTo(west), from: null };
export const failbackRecord: FailoverRecord = { ...recordTo(east), from: west };
export const cleanUpRecord = (active: string, rebuiltSinceMs: number | null): CleanUpRecord => ({
  cluster: "acme",
  globalCluster: "acme-global",
  active: placeIn(active),
  inactive: placeIn(active === west ? east : west),
  standbyCompute: "headless",
  rebuiltSinceMs,
});

/**
 * A global database in two regions and Route 53, in memory: the east is its primary, the west a headless secondary. Whatever takes time
 * advances by one for each time that it is looked at.
 */
export class Secondary {
  /** Effects in the order in which they took place; a call that changed nothing leaves none. */
  readonly effects: string[] = [];
  /** Regions that were called. */
  readonly regions = new Set<string>();
  readonly zone = new Zone();
  readonly databases: Readonly<Record<string, RegionDatabase>>;
  #global = { status: "available", writer: arnIn(east), target: "", turns: 0 };
  #members = new Map([
    [arnIn(east), "connected"],
    [arnIn(west), "connected"],
  ]);
  #writes = 0;
  #manifests = { active: east, turns: 0 };
  /** The switch of health-checked records; the name servers follow it when they are asked for the third time. */
  #switch = { on: false, turns: 0 };

  constructor() {
    const note = (effect: string) => void this.effects.push(effect);
    this.databases = {
      [east]: new RegionDatabase(true, note),
      [west]: new RegionDatabase(false, note),
      [elsewhere]: new RegionDatabase(false, note),
    };
    this.zone.targets.set(secondaryRecord.ingressName, "ingress.us-east-2.elb.example");
  }

  readonly answer = (call: AwsCall): unknown => {
    this.regions.add(call.region);
    switch (call.operation) {
      case "DescribeGlobalClusters":
        return { GlobalClusters: [this.#describeGlobal()] };
      case "FailoverGlobalCluster":
        return this.#failOver(call.input);
      case "SwitchoverGlobalCluster":
        return this.#switchOver(call);
      case "HeadObject":
        if (!this.#switch.on) throw awsError("NotFound");
        return {};
      case "PutObject":
        return this.#flip(call.region, true);
      case "DeleteObject":
        return this.#flip(call.region, false);
      case "RemoveFromGlobalCluster":
        this.#members.delete(String(call.input["DbClusterIdentifier"]));
        this.effects.push("removed");
        return {};
      default:
        return this.databases[call.region]?.answer(call) ?? this.#askZone(call);
    }
  };

  /** Where the ingress name leads by what the name servers say. */
  readonly resolveAlias = async (name: string): Promise<string | undefined> => {
    if (this.#switch.turns > 0) this.#switch.turns -= 1;
    const followsSwitch = this.#switch.turns === 0 ? this.#switch.on : !this.#switch.on;
    const secondary = followsSwitch ? this.zone.secondaries.get(name) : undefined;
    return secondary ?? this.zone.targets.get(name);
  };

  /** The east is back and has been rebuilt on a new volume, with a snapshot of its old one. */
  rebuildEast(atMs: number): void {
    this.#members.set(arnIn(east), "connected");
    this.databases[east]?.wasRebuilt(atMs);
  }

  writeOnce({ databaseClusterArn }: FailoverRecord = secondaryRecord): void {
    if (this.#global.writer !== databaseClusterArn) throw new Error("cannot execute INSERT in a read-only transaction");
    this.#writes += 1;
    if (this.#writes === 1) throw new Error("the database system is not yet accepting connections");
  }

  regenerate({ to }: FailoverRecord = secondaryRecord): void {
    if (this.#manifests.active === to) return;
    this.effects.push("manifests");
    this.#manifests = { active: to, turns: 2 };
  }

  inflation({ to }: FailoverRecord = secondaryRecord): InflationState {
    const regenerated = this.#manifests.active === to;
    const left = this.#manifests.turns;
    if (regenerated && left > 0) this.#manifests.turns -= 1;
    const ready = regenerated && left === 0 ? 3 : 0;
    return { regenerated, applied: regenerated && left < 2, ready, wanted: 3, problems: [], leftBehind: false };
  }

  /** What a failover or a failback must have brought about. */
  get end() {
    const { status, writer } = this.#global;
    const compute = Object.entries(this.databases).flatMap(([region, { compute }]) => (compute ? [region] : []));
    return { compute, status, writer, record: this.#record, active: this.#manifests.active };
  }

  #describeGlobal() {
    const global = this.#global;
    if (global.turns > 0) global.turns -= 1;
    if (global.turns === 0 && global.status !== "available") {
      if (global.status === "failing-over") this.#members.set(global.writer, "pending-resync");
      this.#global = { ...global, status: "available", writer: global.target };
    }
    const { status, writer } = this.#global;
    return {
      Status: status,
      FailoverState: status === "available" ? undefined : { Status: status },
      GlobalClusterMembers: [...this.#members].map(([DBClusterArn, SynchronizationStatus]) => ({
        DBClusterArn,
        IsWriter: DBClusterArn === writer,
        SynchronizationStatus,
      })),
    };
  }

  #failOver(input: AwsCall["input"]) {
    if (input["AllowDataLoss"] !== true)
      throw awsError("InvalidGlobalClusterStateFault", "the primary does not answer");
    return this.#begin("failover", "failing-over", String(input["TargetDbClusterIdentifier"]));
  }

  #switchOver({ region, input }: AwsCall) {
    const target = String(input["TargetDbClusterIdentifier"]);
    if (this.#global.writer !== arnIn(region))
      throw awsError("InvalidGlobalClusterStateFault", "must be called in the Region of the current primary");
    if (this.#members.get(target) !== "connected")
      throw awsError("InvalidDBClusterStateFault", "the target is not in sync");
    return this.#begin("switchover", "switching-over", target);
  }

  #begin(effect: string, status: string, target: string) {
    const region = target.split(":")[3] ?? "";
    if (!this.databases[region]?.compute) throw awsError("InvalidDBClusterStateFault", "the target has no instances");
    if (this.#global.status !== "available" || this.#global.writer === target)
      throw awsError("InvalidGlobalClusterStateFault");
    this.effects.push(effect);
    this.#global = { ...this.#global, status, target, turns: 3 };
    return {};
  }

  #flip(region: string, on: boolean) {
    if (this.#switch.on === on) return {};
    this.#switch = { on, turns: 3 };
    this.effects.push(`switch ${on ? "on" : "off"} in ${region}`);
    return {};
  }

  #askZone(call: AwsCall) {
    const before = this.#record;
    const answer = this.zone.answer(call);
    if (this.#record !== before) this.effects.push("dns");
    return answer;
  }

  get #record() {
    return this.zone.targets.get(secondaryRecord.ingressName);
  }
}
