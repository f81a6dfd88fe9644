import type { Pool } from "pg";

/** A marker by whoever was asked to write it. */
export interface Marker {
  readonly region: string;
  readonly deployment: string;
  readonly seq: number;
}

/**
 * No unique key on markers: one that is there twice must be seen twice. An epoch is opened by the first marker that a region's writer takes
 * after another region's did, in the database itself: a copy that was left behind goes on in its old epoch, whatever it believes.
 */
export async function makeTables(pool: Pool): Promise<void> {
  await pool.query("DROP TABLE IF EXISTS gameday_ledger, gameday_epochs");
  await pool.query(
    `CREATE TABLE gameday_ledger (region text NOT NULL, deployment text NOT NULL, seq integer NOT NULL, epoch integer NOT NULL)`,
  );
  await pool.query("CREATE TABLE gameday_epochs (epoch integer PRIMARY KEY, region text NOT NULL)");
}

/** Of two that open an epoch at once the second waits for the first and joins it. */
const append = `
  WITH newest AS (SELECT epoch, region FROM gameday_epochs ORDER BY epoch DESC LIMIT 1),
  opened AS (
    INSERT INTO gameday_epochs SELECT coalesce(max(epoch), 0) + 1, $1::text FROM newest
    HAVING count(*) FILTER (WHERE region = $1::text) = 0
    ON CONFLICT (epoch) DO UPDATE SET region = excluded.region
    RETURNING epoch
  )
  INSERT INTO gameday_ledger
  SELECT $1::text, $2::text, $3::integer, coalesce((SELECT epoch FROM opened), (SELECT epoch FROM newest))
  RETURNING epoch`;

/** Commits a marker and gives the epoch that the database put it in. */
export async function appendMarker(
  client: Pick<Pool, "query">,
  { region, deployment, seq }: Marker,
): Promise<{ epoch: number }> {
  const { rows } = await client.query<{ epoch: number }>({
    name: "append",
    text: append,
    values: [region, deployment, seq],
  });
  const [row] = rows;
  if (row === undefined) throw new Error("the database gave no epoch for the marker");
  return row;
}

/** All markers that a database holds, with how often each is there. */
export async function readMarkers(pool: Pool) {
  const { rows } = await pool.query<{ row: [deployment: string, seq: number, region: string, copies: number] }>(
    `SELECT json_build_array(deployment, seq, region, count(*)) AS row FROM gameday_ledger
     GROUP BY deployment, seq, region ORDER BY deployment, region, seq`,
  );
  return rows.map(({ row }) => row);
}

/** Markers of one writer and epoch between two numbers, both of them included. */
export interface Wanted {
  readonly region: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

export async function findMarkers(pool: Pool, { region, epoch, from, to }: Wanted) {
  const { rows } = await pool.query<{ row: [deployment: string, seq: number] }>(
    `SELECT json_build_array(deployment, seq) AS row FROM gameday_ledger
     WHERE region = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 ORDER BY deployment, seq`,
    [region, epoch, from, to],
  );
  return rows.map(({ row }) => row);
}
