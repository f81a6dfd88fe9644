import { expect, test } from "vitest";
import type { CheckContext } from "../harness/types.ts";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { timeUnprotected } from "./time-unprotected.ts";
import type { ProtectionSeen } from "./vocabulary.ts";

const limited: CheckContext = { ...day, objectives: { ...day.objectives, unprotectedWithinMs: 250_000 } };
const members = (state: string | null): ProtectionSeen["witness"] => ({
  region: "survivor",
  members: [
    { region: "survivor", writer: true, state: null },
    { region: "lost", writer: false, state },
  ],
});
/** One sample: what the platform claims, and what RDS says of the secondary; `-`: no answer. */
const sample = (atMs: number, claim: string, state: string | null): Did =>
  did(
    "probe/protection sample",
    [atMs, atMs + 50],
    {},
    claim === "-" && state === "-"
      ? fail("TIMEOUT")
      : ok({
          ...(claim === "-" ? {} : { claim: { state: claim, because: "the standby is being rebuilt" } }),
          ...(state === "-" ? {} : { witness: members(state) }),
          troubles: [],
        }),
  );
const each = (fromMs: number, toMs: number, claim: string, state: string | null): Did[] =>
  Array.from({ length: (toMs - fromMs) / 1_000 }, (_, n) => sample(fromMs + n * 1_000, claim, state));
const calm = each(2_000, 10_000, "protected", "connected");
const check = (...happened: (Did | readonly Did[])[]) =>
  timeUnprotected.check(literal(start, lostAt10s(), ...happened), limited);

test("measures from the fault to the first sample in which both say that a standby is in sync", () => {
  const verdict = check(
    calm,
    each(10_500, 12_500, "-", "-"),
    each(12_500, 31_500, "rebuilding", "pending-resync"),
    each(31_500, 34_500, "protected", "connected"),
  );
  expect(verdict).toMatchObject({
    outcome: "pass",
    kind: "objective",
    because: "a standby could take over again 21.6 s after the fault (projected: 3 min 36 s), of 4 min 10 s allowed",
    measured: { low: 203_000, high: 215_500, limit: 250_000 },
  });
  expect(verdict.details).toMatchObject({
    spells: [
      { state: "protected", from: 2_000, to: 9_050 },
      { state: "rebuilding", from: 12_500 },
      { state: "protected", from: 31_500 },
    ],
  });
});

test("either word against it is enough, and a stale one right after the fault ends nothing", () => {
  const rdsOnly = check(calm, sample(10_500, "protected", "connected"), each(11_500, 14_500, "-", "pending-resync"), [
    sample(15_500, "-", "connected"),
  ]);
  expect(rdsOnly).toMatchObject({ outcome: "pass", measured: { low: 33_000, high: 55_500 } });
  const platformOnly = check(calm, each(10_500, 40_500, "rebuilding", "connected"));
  expect(platformOnly).toMatchObject({ outcome: "fail", measured: { low: 293_000, high: null } });
});

test("never protected again is censored, and a failure where a limit was promised", () => {
  const verdict = check(calm, each(10_500, 20_500, "rebuilding", "pending-resync"));
  expect(verdict).toMatchObject({
    outcome: "fail",
    measured: { low: 93_000, high: null },
    because:
      "no standby could take over again for more than 9.3 s (projected: 1 min 33 s); last seen: rebuilding: the standby is being rebuilt",
  });
  const history = literal(start, lostAt10s(), calm, each(10_500, 20_500, "rebuilding", "pending-resync"));
  expect(timeUnprotected.check(history, day)).toMatchObject({ outcome: "unknown", kind: "advice" });
});

test("what comes after the next disturbance is another time", () => {
  const next = did("run/play drill", [25_000, 30_000], { name: "failback", from: "survivor", to: "lost" });
  const verdict = check(
    calm,
    each(10_500, 15_500, "rebuilding", "pending-resync"),
    each(15_500, 24_500, "protected", "connected"),
    next,
    each(25_500, 28_500, "rebuilding", "pending-resync"),
  );
  expect(verdict).toMatchObject({ outcome: "pass", measured: { low: 43_000, high: 55_500 } });
});

test("a claim of protection that RDS contradicts is a failure of its own, also without an objective", () => {
  const claims = [...calm, ...each(10_500, 27_500, "protected", "pending-resync")];
  expect(timeUnprotected.check(literal(start, lostAt10s(), claims), day)).toMatchObject({
    outcome: "fail",
    kind: "objective",
    because: expect.stringMatching(
      /^the platform said that it was protected for 15\.\d+ s while RDS in survivor showed no connected secondary \(lost pending-resync\)$/,
    ),
  });
  // It may take a while to notice; and a sample without an answer proves nothing.
  const noticed = [each(10_500, 20_500, "protected", "pending-resync"), each(20_500, 25_500, "suspended", "-")];
  expect(check(calm, ...noticed)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("no standby could"),
  });
});

test("is unknown when nobody could say, or when RDS does not tell a secondary's state", () => {
  expect(check(calm)).toMatchObject({ outcome: "unknown" });
  expect(check(calm, each(10_500, 20_500, "-", "-"))).toMatchObject({ outcome: "unknown" });
  expect(check(calm, each(10_500, 30_500, "protected", null))).toMatchObject({ outcome: "unknown" });
});
