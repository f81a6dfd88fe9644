import type { FailoverRecord, InflationState } from "../orchestrator/step.ts";
import { type AwsCall, awsError } from "./aws.ts";
import { Zone } from "./zone.ts";

export const secondaryRecord: FailoverRecord = {
  cluster: "acme",
  to: "us-west-2",
  globalCluster: "acme-global",
  databaseCluster: "acme-us-west-2",
  databaseClusterArn: "arn:aws:rds:us-west-2:000000000000:cluster:acme-us-west-2",
  databaseInstance: "acme-us-west-2-1",
  stack: "acme-database",
  hostedZoneId: "Z1",
  ingressName: "ingress.acme.airflow.example",
  ingressTtlSeconds: 60,
  loadBalancer: "ingress.us-west-2.elb.example",
};

const oldPrimary = "arn:aws:rds:us-east-2:000000000000:cluster:acme-us-east-2";

/** The surviving region and Route 53 in memory. Whatever takes time advances by one for each time that it is looked at. */
export class Secondary {
  /** Effects in the order in which they took place; a call that changed nothing leaves none. */
  readonly effects: string[] = [];
  readonly regions = new Set<string>();
  readonly zone = new Zone();
  #stack = { status: "CREATE_COMPLETE", compute: "false", turns: 0 };
  #failover = { status: "available", writer: oldPrimary, turns: 0, writes: 0 };
  #manifests = { regenerated: false, turns: 0 };

  constructor() {
    this.zone.targets.set(secondaryRecord.ingressName, "ingress.us-east-2.elb.example");
  }

  readonly answer = ({ operation, region, input }: AwsCall): unknown => {
    this.regions.add(region);
    switch (operation) {
      case "DescribeStacks":
        return { Stacks: [this.#describeStack()] };
      case "UpdateStack":
        return this.#updateStack();
      case "DescribeDBInstances":
        if (this.#stack.compute !== "true") throw awsError("DBInstanceNotFoundFault");
        return { DBInstances: [{ DBInstanceStatus: this.#stack.turns > 0 ? "creating" : "available" }] };
      case "DescribeGlobalClusters":
        return { GlobalClusters: [this.#describeGlobal()] };
      case "FailoverGlobalCluster":
        return this.#failOver(input);
      default:
        return this.#askZone({ operation, region, input });
    }
  };

  writeOnce(): void {
    if (this.#failover.writer === oldPrimary) throw new Error("cannot execute INSERT in a read-only transaction");
    this.#failover.writes += 1;
    if (this.#failover.writes === 1) throw new Error("the database system is not yet accepting connections");
  }

  regenerate(): void {
    if (this.#manifests.regenerated) return;
    this.#effects("manifests");
    this.#manifests = { regenerated: true, turns: 2 };
  }

  inflation(): InflationState {
    const { regenerated } = this.#manifests;
    const left = this.#manifests.turns;
    if (regenerated && left > 0) this.#manifests.turns -= 1;
    return { regenerated, applied: regenerated && left < 2, ready: regenerated && left === 0 ? 3 : 0, wanted: 3 };
  }

  /** What a failover must have brought about. */
  get end() {
    const { compute } = this.#stack;
    const { status, writer } = this.#failover;
    return { compute, status, writer, record: this.#record, active: this.#manifests.regenerated };
  }

  #effects(effect: string): void {
    this.effects.push(effect);
  }

  #describeStack() {
    if (this.#stack.turns > 0) this.#stack.turns -= 1;
    if (this.#stack.turns === 0 && this.#stack.compute === "true") this.#stack.status = "UPDATE_COMPLETE";
    const Parameters = [{ ParameterKey: "ComputeEnabled", ParameterValue: this.#stack.compute }];
    return { StackName: secondaryRecord.stack, StackStatus: this.#stack.status, Parameters };
  }

  #updateStack() {
    if (this.#stack.turns > 0) throw awsError("ValidationError", "stack is in UPDATE_IN_PROGRESS state");
    if (this.#stack.compute === "true") throw awsError("ValidationError", "No updates are to be performed.");
    this.#effects("compute");
    this.#stack = { status: "UPDATE_IN_PROGRESS", compute: "true", turns: 3 };
    return {};
  }

  #describeGlobal() {
    if (this.#failover.turns > 0) this.#failover.turns -= 1;
    if (this.#failover.turns === 0 && this.#failover.status !== "available") {
      this.#failover = { ...this.#failover, status: "available", writer: secondaryRecord.databaseClusterArn };
    }
    const { status, writer } = this.#failover;
    return {
      Status: status,
      FailoverState: status === "available" ? undefined : { Status: status },
      GlobalClusterMembers: [oldPrimary, secondaryRecord.databaseClusterArn].map((DBClusterArn) => ({
        DBClusterArn,
        IsWriter: DBClusterArn === writer,
      })),
    };
  }

  #failOver(input: AwsCall["input"]) {
    if (input["AllowDataLoss"] !== true)
      throw awsError("InvalidGlobalClusterStateFault", "the primary does not answer");
    if (this.#stack.compute !== "true") throw awsError("InvalidDBClusterStateFault", "the target has no instances");
    if (this.#failover.status !== "available") throw awsError("InvalidGlobalClusterStateFault");
    this.#effects("failover");
    this.#failover = { ...this.#failover, status: "failing-over", turns: 3 };
    return {};
  }

  #askZone(call: AwsCall) {
    const before = this.#record;
    const answer = this.zone.answer(call);
    if (this.#record !== before) this.#effects("dns");
    return answer;
  }

  get #record() {
    return this.zone.targets.get(secondaryRecord.ingressName);
  }
}
