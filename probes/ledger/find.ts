import { DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { DidNotHappen } from "../../harness/errors.ts";
import type { Run } from "../../harness/types.ts";
import { codeOf } from "../http.ts";
import { connectTo } from "./connect.ts";
import { findMarkers, type Wanted } from "./tables.ts";

const withinMs = 10_000;
/** As Aurora names the snapshot of a volume that another region's copy took over from. Source: Aurora User Guide, "Performing failovers". */
const rescued = "rds:unplanned-global-failover-";

/** Looks for markers in both regions' databases, and in the snapshots that the writer's region made of what it had before it was rebuilt. */
export async function findContested(run: Run, wanted: readonly Wanted[]): Promise<void> {
  const { lost, survivor } = run.environment.regions;
  for (const one of wanted) {
    await Promise.all([lost, survivor].map((region) => findIn(run, one, { region }, run.environment.database(region))));
    for (const snapshot of await snapshotsIn(run, one.region)) await findInSnapshot(run, one, snapshot);
  }
}

interface Place {
  readonly region: string;
  readonly snapshot?: string;
}

const certainly = (error: unknown): never => {
  throw new DidNotHappen(codeOf(error), undefined, { cause: error });
};

const recorded = (run: Run, { region: writer, ...rest }: Wanted, place: Place, look: () => Promise<object>) =>
  run.record({ process: "probe/ledger", f: "find", value: { writer, ...rest, ...place } }, () =>
    look().catch(certainly),
  );

const findIn = (run: Run, wanted: Wanted, place: Place, database: string) =>
  recorded(run, wanted, place, () => markersAt(database, wanted));

async function markersAt(database: string, wanted: Wanted): Promise<{ markers: [string, number][] }> {
  await using pool = connectTo(database, { connections: 1, withinMs });
  return { markers: await findMarkers(pool, wanted) };
}

const findInSnapshot = (run: Run, wanted: Wanted, snapshot: string) =>
  recorded(run, wanted, { region: wanted.region, snapshot }, async () => {
    await using opened = await run.environment.openSnapshot(wanted.region, snapshot);
    return await markersAt(opened.database, wanted);
  });

/** None when the region cannot be asked: that it was not looked there is seen by what is missing. */
async function snapshotsIn(run: Run, region: string): Promise<string[]> {
  const rds = new RDSClient({ ...run.environment.aws(region), maxAttempts: 1 });
  try {
    const asked = new DescribeDBClusterSnapshotsCommand({
      DBClusterIdentifier: run.environment.names.databaseCluster[region],
    });
    const { DBClusterSnapshots = [] } = await rds.send(asked, { abortSignal: AbortSignal.timeout(withinMs) });
    return DBClusterSnapshots.flatMap(({ DBClusterSnapshotIdentifier: name = "", Status }) =>
      name.startsWith(rescued) && Status === "available" ? [name] : [],
    );
  } catch {
    return [];
  } finally {
    rds.destroy();
  }
}
