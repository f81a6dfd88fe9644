import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DidNotHappen } from "../harness/errors.ts";
import type { Probe } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { sampler } from "./sampler.ts";

/** Watches `AuroraGlobalDBRPOLag`, which AWS emits in secondary regions only. It explains a loss; it is never taken for one. */
export const replicationLag: Probe = sampler("replication", (run) => {
  const { survivor } = run.environment.regions;
  const client = new CloudWatchClient({ ...run.environment.aws(survivor), maxAttempts: 1 });
  return {
    everyMs: run.scenario.timing.probeEveryMs,
    looks: [
      {
        f: "sample",
        value: { region: survivor, metric: "AuroraGlobalDBRPOLag" },
        async look(signal) {
          const now = run.clock.wallOriginMs + run.clock.now();
          const reply = await client
            .send(
              new GetMetricDataCommand({
                // Metrics of two minutes; older ones tell of a time when the survivor was a secondary still.
                StartTime: new Date(now - Math.max(3_000, 120_000 / run.environment.timeScale)),
                EndTime: new Date(now + 60_000),
                ScanBy: "TimestampDescending",
                MetricDataQueries: [
                  {
                    Id: "lag",
                    MetricStat: {
                      Metric: {
                        Namespace: "AWS/RDS",
                        MetricName: "AuroraGlobalDBRPOLag",
                        Dimensions: [
                          { Name: "DBClusterIdentifier", Value: run.environment.names.databaseCluster[survivor] ?? "" },
                        ],
                      },
                      Period: 1,
                      Stat: "Maximum",
                    },
                  },
                ],
              }),
              { abortSignal: signal },
            )
            .catch((error: unknown) => {
              throw new DidNotHappen(codeOf(error), undefined, { cause: error });
            });
          const lagMs = reply.MetricDataResults?.[0]?.Values?.[0];
          if (lagMs === undefined) throw new DidNotHappen("no data");
          return { lagMs };
        },
      },
    ],
    stop: () => client.destroy(),
  };
});
