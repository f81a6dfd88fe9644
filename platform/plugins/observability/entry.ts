import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import type { CoreV1Event } from "@kubernetes/client-node";
import { Gauge } from "prom-client";
import type { Check, CheckName } from "../../health/check.ts";
import { gather } from "../../kubernetes/gather.ts";
import { awsOptions } from "../aws.ts";
import { toldCheck } from "../checks.ts";
import type { Container, RunningPlugin } from "../settings.ts";
import { serveTelemetry } from "../telemetry.ts";
import { checkCapacity } from "./checks/capacity.ts";
import { imagesCheck } from "./checks/images.ts";
import { checkPlugins } from "./checks/plugins.ts";
import { checkDatabase, checkObjects } from "./checks/replication.ts";
import { mergePages } from "./openmetrics.ts";
import { followRegion } from "./region.ts";
import { reportChecks } from "./report.ts";
import { harvestOf } from "./scrape.ts";
import { readSettings } from "./settings.ts";
import { shipmentTo } from "./ship.ts";

const lookAgainMs = 1_000;

/**
 * What is known of the region from within: one page of metrics of all its pods, its log lines in its own bucket, and its checks, told to the
 * control plane. All of it under the region's own telemetry id.
 */
export async function start({ env, ...place }: Container): Promise<RunningPlugin> {
  const settings = readSettings(env);
  const { TELEMETRY_ID: cluster_id } = settings;
  const stopped = new AbortController();
  const { signal } = stopped;
  const options = awsOptions(settings);
  const cloudWatch = new CloudWatchClient(options);
  const rds = new RDSClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: settings.AWS_ENDPOINT !== undefined });
  const shipment = shipmentTo(s3, settings.LOG_BUCKET, cluster_id);
  const region = followRegion(settings, (event) => shipment.add(eventLine(event, cluster_id)), signal);
  const harvest = harvestOf(region.pods.list, settings.CALL_WITHIN_MS);
  const images = imagesCheck(region, settings);

  const telemetry = await serveTelemetry("observability", place, { "/metrics": page });
  const checkOk = new Gauge({
    name: "platform_check_ok",
    help: "Whether a check of this region passes",
    labelNames: ["check"],
    registers: [telemetry.registry],
  });
  async function page() {
    const own = { text: await telemetry.registry.metrics(), labels: { cluster_id } };
    const others = harvest.pages().map(({ text, labels }) => ({ text, labels: { cluster_id, ...labels } }));
    return { type: telemetry.registry.contentType, text: mergePages([own, ...others]) };
  }

  const checks: Readonly<Record<Exclude<CheckName, "reconciler">, () => Check | Promise<Check>>> = {
    images,
    roles: () => toldCheck("roles", region.told.list()),
    "replication-objects": () => checkObjects(cloudWatch, settings.OBJECTS_BEHIND_MS),
    "replication-database": () =>
      checkDatabase(
        { rds, cloudWatch },
        { globalCluster: settings.GLOBAL_CLUSTER, databaseCluster: settings.DATABASE_CLUSTER },
        settings.DATABASE_BEHIND_MS,
      ),
    certificate: () => toldCheck("certificate", region.told.list()),
    plugins: () => checkPlugins(region, settings.PLUGINS.split(" ").filter(Boolean)),
    capacity: () => checkCapacity(region, { cpu: settings.NODE_CPU, memory: settings.NODE_MEMORY }),
  };
  const before = new Map<string, boolean>();
  let sooner: NodeJS.Timeout | undefined;
  async function look(): Promise<void> {
    if (!region.synced()) return;
    const seen = await Promise.all(
      Object.entries(checks).map(async ([name, check]): Promise<Check> => {
        try {
          return await check();
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          return { name: name as CheckName, ok: false, detail: `cannot be looked at: ${why}` };
        }
      }),
    );
    for (const { name, ok, detail } of seen) {
      checkOk.set({ check: name }, Number(ok));
      if (before.get(name) !== ok) shipment.add(line("health", { check: name, ok, detail }, cluster_id));
      before.set(name, ok);
    }
    await reportChecks(settings, seen, signal);
    // What is wrong may be right again soon, and should not be called wrong for longer than it is.
    clearTimeout(sooner);
    if (seen.some(({ ok }) => !ok)) sooner = setTimeout(looking.soon, lookAgainMs);
  }

  const looking = gather(look, { afterMs: 0, signal });
  const collecting = gather(async () => shipment.add(...(await harvest.gather()).map(withId(cluster_id))), {
    afterMs: 0,
    signal,
  });
  const shipping = gather(shipment.ship, { afterMs: 0, signal });
  const rounds = [
    setInterval(looking.soon, settings.CHECK_EVERY_MS),
    setInterval(collecting.soon, settings.SCRAPE_EVERY_MS),
    setInterval(shipping.soon, settings.SHIP_EVERY_MS),
  ];
  looking.soon();

  return {
    ready: region.synced,
    async stop() {
      stopped.abort();
      for (const round of rounds) clearInterval(round);
      clearTimeout(sooner);
      await Promise.all([looking.idle(), collecting.idle(), shipping.idle()]);
      for (const client of [cloudWatch, rds, s3]) client.destroy();
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

const line = (event: string, detail: object, cluster_id: string): string =>
  JSON.stringify({ at: new Date().toISOString(), cluster_id, by: "observability", event, ...detail });
const withId =
  (cluster_id: string) =>
  (text: string): string =>
    JSON.stringify({ ...(JSON.parse(text) as object), cluster_id });

function eventLine({ lastTimestamp, type, reason, message, involvedObject }: CoreV1Event, cluster_id: string): string {
  const { kind, namespace, name } = involvedObject;
  const at = new Date(lastTimestamp ?? Date.now()).toISOString();
  return JSON.stringify({
    at,
    cluster_id,
    by: "kubernetes",
    event: reason,
    type,
    message,
    about: [kind, namespace, name].filter(Boolean).join("/"),
  });
}
