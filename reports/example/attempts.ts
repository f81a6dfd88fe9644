import type { Millis } from "../../harness/types.ts";
import { type Did, did, type Ending, info, ok } from "../../history/literal.ts";
import { regions } from "./times.ts";

export interface AttemptsExample {
  readonly from: Millis;
  readonly until: Millis;
  readonly end: Millis;
  /** When the step `dns` writes its record. */
  readonly recordAt: Millis;
  /** When a step asks the lost region for a parameter; without it, none does. */
  readonly parameterAt?: Millis | undefined;
}

/** What recorders saw: themselves, what is allowed, and what a platform should not need. */
export function attempts({ from, until, end, recordAt, parameterAt }: AttemptsExample): Did[] {
  const { lost, survivor, controlPlanes } = regions;
  const processes = ["harness", "control-plane", `${lost}/node-01`, `${survivor}/node-01`];
  const beats = processes.flatMap((by, pid) =>
    everyTwoSeconds(by.startsWith(lost) ? from : end).map((at) =>
      did("probe/egress beat", [at, at], { by, pid }, ok({ seen: at, dropped: 0 })),
    ),
  );
  const attempt = (at: Millis, tookMs: Millis, seen: object, end: Ending): Did =>
    did("probe/egress attempt", [at, at + tookMs], { pid: 1, by: "control-plane", via: "sdk", ...seen }, end);
  const record = { host: "127.30.0.1", port: 4566, service: "route53", signedRegion: controlPlanes };
  const parameter = { host: "127.10.0.1", port: 4566, service: "ssm", operation: "GetParameter", signedRegion: lost };
  const asks = { by: "harness", via: "socket", host: "127.10.0.1", port: 4566, at: "harness/answers.ts:9" };
  const looks = everyTwoSeconds(until).filter((at) => at > from + 1_000);
  return [
    did("probe/egress watch", [20, 21], {
      actors: [
        { by: "harness", isHarness: true },
        { by: "control-plane" },
        { by: `${lost}/`, region: lost },
        { by: `${survivor}/`, region: survivor },
      ],
      ranges: [
        ["127.10.0.0/16", lost],
        ["127.20.0.0/16", survivor],
        ["127.30.0.0/16", controlPlanes],
      ],
      names: [],
      controlPlanes,
      allowed: [
        {
          by: "control-plane",
          service: "route53",
          served: "elsewhere",
          because: "step 4 changes the one ingress record in Route 53's control plane",
        },
        { by: "harness", from: "probes/reachability.ts", because: "asks the lost region itself" },
      ],
    }),
    ...beats,
    ...looks.map((at) =>
      attempt(at, 400, { ...asks, through: ["probes/reachability.ts:18"] }, info("CLOSED", { tookMs: 400 })),
    ),
    attempt(
      recordAt,
      8,
      { ...record, operation: "ChangeResourceRecordSets", at: "platform/aws/records.ts:40" },
      ok({ tookMs: 8, status: 200 }),
    ),
    ...(parameterAt === undefined
      ? []
      : [
          attempt(
            parameterAt,
            2_000,
            { ...parameter, at: "platform/aws/parameters.ts:6", through: ["platform/orchestrator/lookups.ts:31"] },
            info("TimeoutError", { tookMs: 2_000 }),
          ),
        ]),
  ];
}

const everyTwoSeconds = (until: Millis): Millis[] =>
  Array.from({ length: Math.floor(until / 2_000) }, (_, n) => 200 + n * 2_000);
