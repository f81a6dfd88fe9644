import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { Cluster, Deployment } from "../cluster.ts";
import type { Variant } from "../manifests/dr.ts";
import type { Blob } from "../manifests/render.ts";
import type { Operation } from "./operation.ts";
import type { Protection } from "./protection.ts";
import type { ApiToken } from "./tokens.ts";

/** The control plane's memory: one SQLite file, so that a killed control plane goes on where it was. */
export interface Store extends Disposable {
  cluster(id: string): Cluster | undefined;
  clusters(): Cluster[];
  putCluster(cluster: Cluster): void;
  deployments(cluster: string): Deployment[];
  putDeployments(cluster: string, deployments: readonly Deployment[]): void;
  operation(cluster: string, id: string): Operation | undefined;
  /** Oldest first. */
  operations(cluster: string): Operation[];
  putOperation(operation: Operation): void;
  blob(cluster: string, variant: Variant): Blob | undefined;
  putBlob(cluster: string, variant: Variant, blob: Blob): void;
  dropBlob(cluster: string, variant: Variant): void;
  /** How protected the cluster was when that was last looked at. */
  protection(cluster: string): Protection | undefined;
  putProtection(cluster: string, protection: Protection): void;
  /** The token by which the cluster's reconcilers are known. */
  key(cluster: string): string | undefined;
  putKey(cluster: string, token: string): void;
  /** Oldest first. */
  tokens(): ApiToken[];
  putToken(token: ApiToken): void;
  removeToken(id: string): void;
  /** All writes of the work, or none. */
  together(work: () => void): void;
}

const tables = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS cluster (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS deployment (cluster TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (cluster, name)) STRICT;
  CREATE TABLE IF NOT EXISTS operation (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS blob (cluster TEXT, variant TEXT, etag TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (cluster, variant)) STRICT;
  CREATE TABLE IF NOT EXISTS protection (cluster TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS reconciler_key (cluster TEXT PRIMARY KEY, token TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS api_token (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
`;

export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, "control-plane.sqlite"));
  database.exec(tables);
  const all = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: string[]) => statement.all(...values);
  };
  const write = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: string[]) => {
      statement.run(...values);
    };
  };
  const clusters = all("SELECT body FROM cluster ORDER BY id");
  const cluster = all("SELECT body FROM cluster WHERE id = ?");
  const putCluster = write("INSERT INTO cluster VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body");
  const deployments = all("SELECT body FROM deployment WHERE cluster = ? ORDER BY name");
  const putDeployment = write("INSERT INTO deployment VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body");
  const operation = all("SELECT body FROM operation WHERE cluster = ? AND id = ?");
  const operations = all("SELECT body FROM operation WHERE cluster = ? ORDER BY ordinal");
  const putOperation = write(
    "INSERT INTO operation (id, cluster, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  );
  const blob = all("SELECT etag, body FROM blob WHERE cluster = ? AND variant = ?");
  const putBlob = write(
    "INSERT INTO blob VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET etag = excluded.etag, body = excluded.body",
  );
  const dropBlob = write("DELETE FROM blob WHERE cluster = ? AND variant = ?");
  const protection = all("SELECT body FROM protection WHERE cluster = ?");
  const putProtection = write("INSERT INTO protection VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body");
  const key = all("SELECT token FROM reconciler_key WHERE cluster = ?");
  const putKey = write("INSERT INTO reconciler_key VALUES (?, ?) ON CONFLICT DO UPDATE SET token = excluded.token");
  const tokens = all("SELECT body FROM api_token ORDER BY ordinal");
  const putToken = write("INSERT INTO api_token (id, body) VALUES (?, ?)");
  const removeToken = write("DELETE FROM api_token WHERE id = ?");

  return {
    cluster: (id) => bodies<Cluster>(cluster(id)).map(ofToday)[0],
    clusters: () => bodies<Cluster>(clusters()).map(ofToday),
    putCluster: (given) => putCluster(given.id, JSON.stringify(given)),
    deployments: (id) => bodies<Deployment>(deployments(id)),
    putDeployments: (id, given) => {
      for (const each of given) putDeployment(id, each.name, JSON.stringify(each));
    },
    operation: (id, name) => bodies<Operation>(operation(id, name))[0],
    operations: (id) => bodies<Operation>(operations(id)),
    putOperation: (given) => putOperation(given.id, given.cluster, JSON.stringify(given)),
    blob: (id, variant) => {
      const [found] = blob(id, variant);
      return found === undefined ? undefined : { etag: String(found["etag"]), body: String(found["body"]) };
    },
    putBlob: (id, variant, { etag, body }) => putBlob(id, variant, etag, body),
    dropBlob,
    protection: (id) => bodies<Protection>(protection(id))[0],
    putProtection: (id, given) => putProtection(id, JSON.stringify(given)),
    key: (id) => {
      const [found] = key(id);
      return found === undefined ? undefined : String(found["token"]);
    },
    putKey,
    tokens: () => bodies<ApiToken>(tokens()),
    putToken: (given) => putToken(given.id, JSON.stringify(given)),
    removeToken,
    together(work) {
      database.exec("BEGIN");
      try {
        work();
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    [Symbol.dispose]: () => database.close(),
  };
}

/** A record of before there was a choice. */
const ofToday = (cluster: Cluster): Cluster => ({
  ...cluster,
  dns_strategy: cluster.dns_strategy ?? "move-record",
  standby_compute: cluster.standby_compute ?? "headless",
  resources: cluster.resources && { ...cluster.resources, dnsSwitch: cluster.resources.dnsSwitch ?? null },
});

/** Only this file writes the bodies, so they are what they were. */
function bodies<T>(rows: Record<string, SQLOutputValue>[]): T[] {
  return rows.map(({ body }) => JSON.parse(String(body)) as T);
}
