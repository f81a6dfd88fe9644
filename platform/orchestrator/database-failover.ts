import { FailoverGlobalClusterCommand, type GlobalCluster } from "@aws-sdk/client-rds";
import { findGlobalCluster, instanceStatus } from "../aws/databases.ts";
import type { Step } from "./step.ts";

/**
 * Step 2: fails the global database over to the target, asked for in the target's region, and waits until promotion is certain.
 * No single sign is: the old primary reads as writer for a while, and a writer by record may still refuse writes.
 */
export const databaseFailover: Step = {
  name: "database-failover",
  ask: (record, { aws, writeOnce }) => {
    const { to, globalCluster: name, databaseClusterArn: target, databaseInstance } = record;
    const rds = aws.rds(to);
    // Without `AllowDataLoss` this would be a switchover, which needs the old primary.
    const failover = new FailoverGlobalClusterCommand({
      GlobalClusterIdentifier: name,
      TargetDbClusterIdentifier: target,
      AllowDataLoss: true,
    });
    return async () => {
      const found = await findGlobalCluster(rds, name);
      if (found === undefined) return { done: false, detail: `global cluster ${name} is not known in ${to}` };
      const { settled, isWriter, detail } = readTopology(found, target);
      if (!settled) return { done: false, detail };
      if (!isWriter) return { done: false, detail, act: () => rds.send(failover) };
      const status = (await instanceStatus(rds, databaseInstance)) ?? "missing";
      if (status !== "available") return { done: false, detail: `${detail}, instance is ${status}` };
      try {
        await writeOnce();
      } catch (error) {
        return { done: false, detail: `${detail}, but does not take writes: ${String(error)}` };
      }
      return { done: true, detail: `${detail}, takes writes` };
    };
  },
};

function readTopology({ Status, FailoverState, GlobalClusterMembers = [] }: GlobalCluster, target: string) {
  const isWriter = GlobalClusterMembers.some(({ DBClusterArn, IsWriter }) => DBClusterArn === target && IsWriter);
  const moving = FailoverState?.Status;
  const settled = Status === "available" && moving === undefined;
  const role = isWriter ? "target is writer" : "target is not writer";
  return { settled, isWriter, detail: `global cluster is ${moving ?? Status}, ${role}` };
}
