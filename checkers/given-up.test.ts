import { expect, test } from "vitest";
import { type Did, did, fail, info, literal, ok } from "../history/literal.ts";
import { givenUp } from "./given-up.ts";
import { bothSampled, day, lostAt10s, sampled, start } from "./literal-day.ts";

const check = (...happened: (Did | readonly Did[])[]) =>
  givenUp.check(literal(start, lostAt10s(40_000), ...happened), day);
const asked = (end = ok({})) => did("failover/control-plane request", [20_000, 20_100], { phase: "giving up" }, end);
const member = (region: string) => ({ region, writer: region === "survivor", state: "connected" });
interface Seen {
  readonly state?: string;
  readonly because?: string;
  /** null: not told. */
  readonly candidates?: readonly string[] | null;
  readonly members?: readonly string[];
}
const sample = (
  atMs: number,
  {
    state = "unprotected",
    because = "it has no second region",
    candidates = ["us-east-1"],
    members = ["survivor"],
  }: Seen = {},
): Did =>
  did(
    "probe/protection sample",
    [atMs, atMs + 50],
    {},
    ok({
      claim: { state, because },
      ...(candidates === null ? {} : { candidates }),
      witness: { region: "survivor", members: members.map(member) },
      troubles: [],
    }),
  );
const up = bothSampled("+".repeat(40));

test("passes when the platform says what it lacks and offers, RDS has let go, and nothing went down", () => {
  const before = sample(21_000, { state: "rebuilding", members: ["survivor", "lost"] });
  expect(check(up, asked(), before, sample(25_000))).toMatchObject({
    outcome: "pass",
    because:
      "lost is given up: the platform says unprotected (it has no second region) and offers us-east-1, its database has no member there, and no deployment went down",
  });
});

test("where no other region is left, saying so is enough", () => {
  expect(check(up, asked(), sample(25_000, { candidates: [] }))).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("has no other region to offer"),
  });
});

test.each([
  ["the platform says protected", { state: "protected" }],
  ["the platform does not say why it is unprotected", { because: "" }],
  ["it does not say where a new standby could be", { candidates: null }],
  ["RDS still shows a member in lost", { members: ["survivor", "lost"] }],
])("fails when %s", (because, seen) => {
  expect(check(up, asked(), sample(25_000, seen))).toMatchObject({
    outcome: "fail",
    because: `lost was given up, but ${because}`,
  });
});

test("fails when the platform refuses, or a deployment goes down meanwhile", () => {
  expect(check(up, asked(fail("409")), sample(25_000))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("did not take it: 409"),
  });
  const fallen = [sampled("dep-01", `${"+".repeat(22)}-----${"+".repeat(10)}`), sampled("dep-02", "+".repeat(40))];
  expect(check(...fallen, asked(), sample(25_000))).toMatchObject({
    outcome: "fail",
    because: "dep-01 went down while lost was given up",
  });
});

test("is unknown when nobody asked, no answer came, or nobody looked afterwards", () => {
  expect(check(up, sample(25_000))).toMatchObject({ outcome: "unknown" });
  expect(check(up, asked(info("TIMEOUT")), sample(25_000))).toMatchObject({ outcome: "unknown" });
  expect(check(up, asked(), sample(15_000))).toMatchObject({ outcome: "unknown" });
});
