import { CopyDBClusterSnapshotCommand, DescribeDBClusterSnapshotsCommand, type RDSClient } from "@aws-sdk/client-rds";
import { unless } from "./errors.ts";

/** What RDS calls its snapshot of the volume that a region had when another one took over without it. */
const rescuePrefix = "rds:unplanned-global-failover-";

/** A rescue snapshot and the copy that outlives it; `status` is the copy's, undefined while there is none. */
export interface RescueSnapshot {
  readonly source: string;
  readonly copy: string;
  readonly status: string | undefined;
}

export async function rescueSnapshots(rds: RDSClient, databaseCluster: string): Promise<RescueSnapshot[]> {
  const asked = new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: databaseCluster });
  const { DBClusterSnapshots = [] } = await rds.send(asked);
  const found = new Map(
    DBClusterSnapshots.map(({ DBClusterSnapshotIdentifier = "", Status }) => [DBClusterSnapshotIdentifier, Status]),
  );
  return [...found.keys()]
    .filter((source) => source.startsWith(rescuePrefix))
    .map((source) => {
      const copy = `rescue-${source.slice(rescuePrefix.length)}`;
      return { source, copy, status: found.get(copy) };
    });
}

export async function copySnapshot(rds: RDSClient, source: string, copy: string): Promise<void> {
  const command = new CopyDBClusterSnapshotCommand({
    SourceDBClusterSnapshotIdentifier: source,
    TargetDBClusterSnapshotIdentifier: copy,
  });
  await unless(["DBClusterSnapshotAlreadyExistsFault"], undefined, rds.send(command));
}
