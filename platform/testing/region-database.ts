import { type AwsCall, awsError } from "./aws.ts";

/** One region's stack, instance, parameter group, events and snapshots, in memory. */
export class RegionDatabase {
  /** Why an update of the stack fails and is rolled back; undefined while it does not. */
  shortOf: string | undefined;
  readonly events: { Message: string; Date: Date }[] = [];
  readonly snapshots = new Map<string, { looks: number }>();
  bound: number | null = null;
  readonly #note: (effect: string) => void;
  #stack: { status: string; compute: string; turns: number; failure?: string | undefined };

  constructor(compute: boolean, note: (effect: string) => void) {
    this.#stack = { status: "CREATE_COMPLETE", compute: String(compute), turns: 0 };
    this.#note = note;
  }

  get compute(): boolean {
    return this.#stack.compute === "true";
  }

  wasRebuilt(atMs: number): void {
    for (const verb of ["Started", "Finished"]) {
      const Message = `${verb} resynchronizing members of DB cluster acme-us-east-2 post global failover.`;
      this.events.push({ Message, Date: new Date(atMs) });
    }
    this.snapshots.set("rds:unplanned-global-failover-acme-us-east-2-2026-01-01", { looks: 2 });
  }

  /** undefined for what a region's database has nothing to do with. */
  answer({ operation, input }: AwsCall): unknown {
    switch (operation) {
      case "DescribeStacks":
        return { Stacks: [this.#describeStack()] };
      case "DescribeStackEvents":
        return { StackEvents: this.#stackEvents() };
      case "UpdateStack":
        return this.#updateStack(input);
      case "DescribeDBInstances":
        return { DBInstances: [{ DBInstanceStatus: this.#instanceStatus() }] };
      case "DescribeEvents":
        return { Events: this.events.filter((event) => event.Date >= (input["StartTime"] as Date)) };
      case "DescribeDBClusterSnapshots":
        return { DBClusterSnapshots: [...this.snapshots.keys()].map((name) => this.#describeSnapshot(name)) };
      case "CopyDBClusterSnapshot":
        this.snapshots.set(String(input["TargetDBClusterSnapshotIdentifier"]), { looks: 0 });
        this.#note("snapshot");
        return {};
      case "DescribeDBClusterParameters":
        return { Parameters: this.bound === null ? [] : [this.#parameter()] };
      case "ModifyDBClusterParameterGroup":
        this.bound = Number((input["Parameters"] as { ParameterValue: string }[])[0]?.ParameterValue);
        this.#note(`bound ${this.bound}`);
        return {};
      case "ResetDBClusterParameterGroup":
        this.bound = null;
        this.#note("unbound");
        return {};
      case "DeleteBucketReplication":
        this.#note("unreplicated");
        return {};
      default:
        return undefined;
    }
  }

  #parameter() {
    return { ParameterName: "rds.global_db_rpo", ParameterValue: String(this.bound) };
  }

  #describeSnapshot(name: string) {
    const snapshot = this.snapshots.get(name) ?? { looks: 0 };
    snapshot.looks += 1;
    return { DBClusterSnapshotIdentifier: name, Status: snapshot.looks > 1 ? "available" : "copying" };
  }

  #instanceStatus(): string {
    if (!this.compute && this.#stack.turns === 0) throw awsError("DBInstanceNotFoundFault");
    if (this.#stack.turns === 0) return "available";
    return this.compute ? "creating" : "deleting";
  }

  #stackEvents() {
    return [
      { LogicalResourceId: "acme-database", ResourceStatus: this.#stack.status },
      { LogicalResourceId: "Instance", ResourceStatus: "CREATE_FAILED", ResourceStatusReason: this.#stack.failure },
    ];
  }

  #describeStack() {
    const stack = this.#stack;
    if (stack.turns > 0) stack.turns -= 1;
    if (stack.turns === 0 && stack.status === "UPDATE_IN_PROGRESS") {
      stack.status = stack.failure === undefined ? "UPDATE_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE";
      if (stack.failure !== undefined) stack.compute = String(!this.compute);
    }
    const Parameters = [{ ParameterKey: "ComputeEnabled", ParameterValue: stack.compute }];
    return { StackName: "acme-database", StackStatus: stack.status, Parameters };
  }

  #updateStack(input: AwsCall["input"]) {
    const given = input["Parameters"] as { ParameterKey: string; ParameterValue: string }[];
    const wanted = given.find(({ ParameterKey }) => ParameterKey === "ComputeEnabled")?.ParameterValue ?? "";
    if (this.#stack.turns > 0) throw awsError("ValidationError", "stack is in UPDATE_IN_PROGRESS state");
    if (this.#stack.compute === wanted) throw awsError("ValidationError", "No updates are to be performed.");
    if (this.shortOf === undefined) this.#note(wanted === "true" ? "compute" : "headless");
    this.#stack = { status: "UPDATE_IN_PROGRESS", compute: wanted, turns: 3, failure: this.shortOf };
    return {};
  }
}
