import type { EgressSeen, EgressWatch } from "../../checkers/vocabulary.ts";
import type { HistoryInMemory } from "../../history/history-of.ts";
import { type Did, did, type Ending, info, ok } from "../../history/literal.ts";
import { failover, fault, play } from "./play.ts";
import { historyInOrder } from "./script.ts";
import { times } from "./times.ts";

const watch: EgressWatch = {
  actors: [{ by: "harness", isHarness: true }, { by: "control-plane" }, { by: "us-west-2/", region: "us-west-2" }],
  ranges: [],
  names: [],
  allowed: [
    { by: "control-plane", from: "platform/control-plane/regions.ts", because: "asks whether the region is there" },
  ],
};

const attempt = (began: number, seen: Partial<EgressSeen>, end: Ending = ok({ tookMs: 12 })): Did =>
  did("probe/egress attempt", [began, began + 12], { by: "control-plane", pid: 7, via: "sdk", ...seen }, end);

/** What the recorders saw: the record of step 4, a parameter that lives in the lost region, an image from there, and what was expected. */
function attempts(): Did[] {
  const record = { host: "route53.amazonaws.com", service: "route53", signedRegion: "us-east-1" };
  const dns = { ...record, through: ["platform/orchestrator/dns.ts:17", "platform/orchestrator/steps.ts:40"] };
  const gone = info("TimeoutError", { tookMs: 2_000 });
  return [
    attempt(times.dnsMoved - 300, {
      ...dns,
      operation: "ChangeResourceRecordSets",
      at: "platform/aws/records.ts:41",
    }),
    attempt(times.dnsMoved - 200, { ...dns, operation: "GetChange", at: "platform/aws/records.ts:49" }),
    ...[0, 1, 2].map((n) =>
      attempt(
        times.requested + 100 + n * 50,
        {
          host: "ssm.us-east-2.amazonaws.com",
          service: "ssm",
          operation: "GetParameter",
          signedRegion: "us-east-2",
          at: "platform/orchestrator/settings.ts:12",
        },
        gone,
      ),
    ),
    attempt(
      times.podsFrom,
      { by: "us-west-2/node-1", via: "http", host: "registry.us-east-2.example.amazonaws.com", port: 443 },
      gone,
    ),
    attempt(times.detected, {
      host: "sts.us-east-2.amazonaws.com",
      service: "sts",
      operation: "GetCallerIdentity",
      signedRegion: "us-east-2",
      at: "platform/control-plane/regions.ts:30",
    }),
    attempt(times.detected, { by: "harness", host: "sts.us-east-2.amazonaws.com", at: "probes/reachability.ts:9" }),
    attempt(times.steady, { ...dns, operation: "ListResourceRecordSets", at: "platform/aws/records.ts:20" }),
  ];
}

const beats = (): Did[] =>
  ["control-plane", "harness", "us-west-2/node-1"].flatMap((by) =>
    Array.from({ length: times.end / 2_000 }, (_, n) =>
      did("probe/egress beat", [n * 2_000, n * 2_000], { by, pid: 7 }, ok({ seen: n, dropped: 0 })),
    ),
  );

export interface EgressExample {
  /** False: nobody recorded what was attempted. */
  readonly isWatched?: boolean;
  /** False: nothing was broken. */
  readonly isBroken?: boolean;
}

/** A made-up run of two deployments in which outgoing attempts were recorded. */
export const egressHistory = ({ isWatched = true, isBroken = true }: EgressExample = {}): HistoryInMemory =>
  historyInOrder([
    ...play("4f2a91c3", ["dep-01", "dep-02"], true),
    ...(isBroken ? fault() : []),
    ...failover(true, "done"),
    ...(isWatched ? [did("probe/egress watch", [1, 2], watch), ...beats(), ...attempts()] : []),
  ]);
