import { expect, test } from "vitest";
import { type Did, did, type Ending, fail, info, literal, ok } from "../history/literal.ts";
import { dependencies } from "./dependencies.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import type { EgressSeen, EgressWatch } from "./vocabulary.ts";

const watching: EgressWatch = {
  actors: [
    { by: "harness", isHarness: true },
    { by: "control-plane" },
    { by: "survivor/", region: "survivor" },
    { by: "lost/", region: "lost" },
  ],
  ranges: [
    ["127.10.0.0/16", "lost"],
    ["127.20.0.0/16", "survivor"],
    ["127.30.0.0/16", "globals"],
  ],
  names: [["lost.lab.example", "lost"]],
  controlPlanes: "globals",
  allowed: [
    { by: "harness", from: "probes/reachability.ts", because: "asks the lost region itself" },
    { by: "control-plane", service: "route53", served: "elsewhere", because: "moves the one record" },
  ],
};
const watch = (change: Partial<EgressWatch> = {}): Did => did("probe/egress watch", [0, 0], { ...watching, ...change });

/** One beat of a process every two seconds. */
const beats = (by: string, fromMs: number, untilMs: number, dropped = 0): Did[] =>
  Array.from({ length: Math.ceil((untilMs - fromMs) / 2_000) }, (_, n) =>
    did("probe/egress beat", [fromMs + n * 2_000, fromMs + n * 2_000], { by, pid: 1 }, ok({ seen: n, dropped })),
  );
const allHeard: Did[] = [
  ...["harness", "control-plane", "survivor/node-1"].flatMap((by) => beats(by, 0, 31_000)),
  ...beats("lost/node-1", 0, 10_000),
];

const attempt = (
  [began, ended]: readonly [number, number?],
  seen: Partial<EgressSeen>,
  end: Ending = ok({ tookMs: 10 }),
): Did =>
  did(
    "probe/egress attempt",
    ended === undefined ? [began] : [began, ended],
    { by: "control-plane", pid: 1, via: "sdk", ...seen },
    end,
  );
const parameter: Partial<EgressSeen> = {
  host: "127.10.0.1",
  port: 4566,
  service: "ssm",
  operation: "GetParameter",
  signedRegion: "lost",
  at: "platform/parameters.ts:12",
  through: ["platform/steps.ts:40"],
};
const timedOut = info("TimeoutError", { tookMs: 2_000 });
const step = (name: string, began: number, ended: number): Did =>
  did("failover/control-plane step", [began, ended], { step: name }, ok());
const steps = [step("database-compute", 12_000, 16_000), step("dns", 16_000, 18_000)];

const check = (...happened: (Did | readonly Did[])[]) =>
  dependencies.check(literal(start, ...happened, lostAt10s(30_000), steps), day);

test("passes when every recorder was heard, and only what is allowed was attempted", () => {
  const verdict = check(
    watch(),
    allHeard,
    attempt([12_100, 12_110], { ...parameter, host: "127.20.0.1", signedRegion: "survivor" }),
    attempt([16_100, 16_120], { host: "127.30.0.1", service: "route53", operation: "ChangeResourceRecordSets" }),
    attempt(
      [11_000, 11_400],
      {
        by: "harness",
        via: "socket",
        host: "127.10.0.1",
        at: "harness/answers.ts:10",
        through: ["probes/reachability.ts:20"],
      },
      timedOut,
    ),
  );
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "4 recorders heard; nothing reached for lost, or for another region, but what is allowed (2 lines)",
    measured: { low: 0, high: 0, limit: 0 },
  });
  expect(verdict.details).toMatchObject({
    rows: [
      { by: "harness", region: "lost", allowed: "asks the lost region itself", heldUp: [], unanswered: 1 },
      {
        what: "route53:ChangeResourceRecordSets",
        region: "globals",
        how: "control-plane",
        allowed: "moves the one record",
      },
    ],
    allowed: watching.allowed,
    recorders: [{ by: "harness", pids: 1, beats: 16 }, {}, {}, {}],
  });
});

test("fails by a call to the lost region, with its line, how often, and the step that had to wait", () => {
  const verdict = check(
    watch(),
    allHeard,
    attempt([12_100, 14_100], parameter, timedOut),
    attempt([14_200, 16_200], { ...parameter, count: 3 }, timedOut),
  );
  expect(verdict).toMatchObject({
    outcome: "fail",
    because:
      "1 dependency outside survivor and not allowed, 1 of them held the failover up: control-plane tried ssm:GetParameter in lost from platform/parameters.ts:12 (4 times, held up database-compute and dns)",
    measured: { low: 1, high: 1 },
    details: { rows: [{ count: 4, unanswered: 4, tookMs: 2_000, first: 12_100, last: 14_200, isLost: true }] },
  });
  expect(verdict.evidence.length).toBeGreaterThan(4);
});

test("an attempt that was answered, or that no step was under way for, is a finding that held nothing up", () => {
  expect(check(watch(), allHeard, attempt([12_100, 12_110], parameter))).toMatchObject({
    outcome: "fail",
    details: { rows: [{ heldUp: [], unanswered: 0 }] },
  });
  expect(check(watch(), allHeard, attempt([20_000, 22_000], parameter, timedOut))).toMatchObject({
    outcome: "fail",
    details: { rows: [{ heldUp: [], unanswered: 1 }] },
  });
});

test("an answer that says that the server is in trouble holds up as silence does", () => {
  const trouble = ok({ tookMs: 30, status: 503 });
  expect(check(watch(), allHeard, attempt([12_100, 12_130], parameter, trouble))).toMatchObject({
    details: { rows: [{ heldUp: ["database-compute"], unanswered: 1 }] },
  });
});

test("an attempt that never ended counts", () => {
  expect(check(watch(), allHeard, attempt([17_000], parameter))).toMatchObject({
    outcome: "fail",
    details: { rows: [{ heldUp: ["dns"], unanswered: 1 }] },
  });
});

test("a global control plane counts at its region, whatever region was meant; the allow-list may name it while it is not lost", () => {
  const iam = {
    host: "iam.amazonaws.com",
    service: "iam",
    operation: "CreateRole",
    signedRegion: "us-east-1",
    at: "platform/roles.ts:9",
  };
  expect(check(watch(), allHeard, attempt([12_100, 12_200], iam))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("iam:CreateRole in globals from platform/roles.ts:9"),
    details: { rows: [{ how: "control-plane", isLost: false }] },
  });
  const record = {
    host: "127.10.0.1",
    service: "route53",
    operation: "ChangeResourceRecordSets",
    at: "platform/dns.ts:7",
  };
  const same = watch({ controlPlanes: "lost" });
  expect(check(same, allHeard, attempt([16_100, 18_100], record, timedOut))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining(
      "route53:ChangeResourceRecordSets in lost from platform/dns.ts:7 (1 time, held up dns)",
    ),
  });
});

test("what an operation needs besides its own region counts where that is, and only told where it is possible", () => {
  const instance = { host: "127.20.0.1", service: "rds", operation: "CreateDBInstance", at: "platform/a.ts:1" };
  const stack = { ...instance, service: "cloudformation", operation: "UpdateStack", at: "platform/b.ts:2" };
  const calls = [attempt([12_100, 12_200], instance), attempt([12_100, 12_200], stack)];
  expect(check(watch(), allHeard, calls)).toMatchObject({
    outcome: "pass",
    details: {
      rows: [
        { how: "hidden", region: "globals" },
        { how: "possible", region: "globals" },
      ],
    },
  });
  expect(check(watch({ controlPlanes: "lost" }), allHeard, calls)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("1 dependency outside survivor"),
    details: { rows: [{ how: "hidden", isLost: true, source: expect.stringContaining("WP") }, { how: "possible" }] },
  });
});

test("the same act seen in several layers is one row, counted once; several processes of one actor too", () => {
  const pull = { by: "survivor/node-1", host: "registry.lost.lab.example", port: 5000, at: "lab/pull.ts:80" };
  const verdict = check(
    watch(),
    allHeard,
    attempt([17_000, 17_002], { ...pull, via: "socket" }),
    attempt([17_000, 20_000], { ...pull, via: "http", within: "dep-01/pod" }, timedOut),
    attempt([17_100, 20_100], { ...pull, via: "http", by: "survivor/node-2" }, timedOut),
  );
  expect(verdict.details).toMatchObject({
    rows: [
      {
        by: "survivor/",
        what: "registry.lost.lab.example:5000",
        count: 2,
        via: ["http", "socket"],
        within: ["dep-01/pod"],
      },
    ],
  });
});

test("before the fault, after the heal, and from within the lost region nothing counts", () => {
  expect(
    check(
      watch(),
      allHeard,
      attempt([9_000, 9_010], parameter),
      attempt([10_150, 10_160], parameter),
      attempt([30_500, 30_510], parameter),
      attempt([12_000, 12_010], { ...parameter, by: "lost/node-1" }),
    ),
  ).toMatchObject({ outcome: "pass", details: { rows: [] } });
});

test("what the harness itself attempts is a finding unless the list names it", () => {
  const own = { by: "harness", via: "socket", host: "127.10.0.3", at: "probes/new.ts:3" } as const;
  expect(check(watch(), allHeard, attempt([12_100, 14_000], own, fail("ECONNRESET", { tookMs: 1_900 })))).toMatchObject(
    {
      outcome: "fail",
      because: expect.stringContaining("harness tried 127.10.0.3 in lost from probes/new.ts:3 (1 time)"),
      details: { rows: [{ heldUp: [] }] },
    },
  );
});

test("is unknown when nobody recorded, a recorder was not heard, fell silent, or had to drop attempts", () => {
  expect(check()).toMatchObject({ outcome: "unknown", because: "nobody recorded what was attempted" });
  const without = (by: string) => allHeard.filter(({ value }) => !JSON.stringify(value).includes(by));
  expect(check(watch(), without("control-plane"))).toMatchObject({
    outcome: "unknown",
    because: "no recorder of control-plane was heard before the fault",
    measured: { low: 0, high: null },
  });
  expect(check(watch(), without("lost/node"))).toMatchObject({ outcome: "unknown" });
  expect(check(watch(), without("control-plane"), beats("control-plane", 0, 12_000))).toMatchObject({
    outcome: "unknown",
    because: "no recorder of control-plane was heard for 20 s after the fault",
  });
  expect(check(watch(), without("control-plane"), beats("control-plane", 0, 31_000, 7))).toMatchObject({
    outcome: "unknown",
    because: "7 attempts were too many to record",
  });
});

test("a finding stands although a recorder was not heard", () => {
  const deaf = allHeard.filter(({ value }) => !JSON.stringify(value).includes("survivor/node"));
  expect(check(watch(), deaf, attempt([12_100, 14_100], parameter, timedOut))).toMatchObject({
    outcome: "fail",
    measured: { low: 1, high: null },
  });
});

test("is unknown when no region was lost, or nobody confirmed that it was", () => {
  const judged = (...happened: (Did | readonly Did[])[]) =>
    dependencies.check(literal(start, watch(), allHeard, ...happened), day);
  expect(judged()).toMatchObject({ outcome: "unknown", because: "no region was lost, so nothing could depend on it" });
  expect(judged(did("fault/lose-region inject", [10_000, 10_100], { region: "lost" }))).toMatchObject({
    outcome: "unknown",
    because: "the fault was never confirmed, so its time is not known",
  });
});
