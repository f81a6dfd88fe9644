import { FailoverGlobalClusterCommand, type GlobalCluster, SwitchoverGlobalClusterCommand } from "@aws-sdk/client-rds";
import type { Aws } from "../aws/clients.ts";
import { findGlobalCluster, instanceStatus } from "../aws/databases.ts";
import type { Ask } from "../converge.ts";
import { readLossBound, setLossBound } from "../provision/loss-bound.ts";
import { databaseCompute } from "./database-compute.ts";
import type { FailoverRecord, Step } from "./step.ts";

/**
 * Step 2: makes the target the writer of the global database, and waits until promotion is certain. No single sign is: the old primary reads
 * as writer for a while, and a writer by record may still refuse writes.
 */
export const databaseFailover: Step = {
  name: "database-failover",
  ask: (record, tools) => {
    const { to, globalCluster: name, databaseClusterArn: target, databaseInstance } = record;
    const { aws, writeOnce } = tools;
    const rds = aws.rds(to);
    const compute = databaseCompute.ask(record, tools);
    const promotion = {
      service: "rds",
      operation: record.from === null ? "FailoverGlobalCluster" : "SwitchoverGlobalCluster",
      region: record.from ?? to,
      answered: true,
    };
    const promote = record.from === null ? failover(aws, record) : switchover(aws, record, record.from);
    return async () => {
      const found = await findGlobalCluster(rds, name);
      if (found === undefined) return { done: false, detail: `global cluster ${name} is not known in ${to}` };
      const { settled, isWriter, detail } = readTopology(found, target);
      if (!settled) return { done: false, detail, waitsOn: promotion };
      const status = (await instanceStatus(rds, databaseInstance)) ?? "missing";
      // Step 1 saw it there. Whatever took it away again since then, it is needed.
      if (status !== "available")
        return { ...(await compute()), done: false, detail: `${detail}, instance is ${status}` };
      if (!isWriter) return promote(detail);
      try {
        await writeOnce();
      } catch (error) {
        return { done: false, detail: `${detail}, but does not take writes: ${String(error)}` };
      }
      return { done: true, detail: `${detail}, takes writes` };
    };
  },
};

type Promote = (detail: string) => ReturnType<Ask>;

/** Without waiting for the old primary, asked for in the target's region. Without `AllowDataLoss` this would be a switchover. */
function failover(aws: Aws, { to, globalCluster, databaseClusterArn }: FailoverRecord): Promote {
  const command = new FailoverGlobalClusterCommand({
    GlobalClusterIdentifier: globalCluster,
    TargetDbClusterIdentifier: databaseClusterArn,
    AllowDataLoss: true,
  });
  return async (detail) => ({ done: false, detail, act: () => aws.rds(to).send(command) });
}

/**
 * Without loss, asked for in the current primary's region: Aurora stops the old writer, waits until the target has all, and only then
 * promotes it. The bound of loss is lifted there before: it must not hold in the region that is about to stand by.
 */
function switchover(aws: Aws, record: FailoverRecord, from: string): Promote {
  const { cluster, globalCluster, databaseClusterArn } = record;
  const rds = aws.rds(from);
  const command = new SwitchoverGlobalClusterCommand({
    GlobalClusterIdentifier: globalCluster,
    TargetDbClusterIdentifier: databaseClusterArn,
  });
  return async (detail) => {
    const bound = await readLossBound(rds, cluster);
    if (bound === null) return { done: false, detail, act: () => rds.send(command) };
    const act = async () => {
      await setLossBound(rds, cluster, null);
      await rds.send(command);
    };
    return { done: false, detail: `${detail}, loss is bounded to ${bound} s in ${from}`, act };
  };
}

function readTopology({ Status, FailoverState, GlobalClusterMembers = [] }: GlobalCluster, target: string) {
  const isWriter = GlobalClusterMembers.some(({ DBClusterArn, IsWriter }) => DBClusterArn === target && IsWriter);
  const moving = FailoverState?.Status;
  const settled = Status === "available" && moving === undefined;
  const role = isWriter ? "target is writer" : "target is not writer";
  return { settled, isWriter, detail: `global cluster is ${moving ?? Status}, ${role}` };
}
