import { expect, test } from "vitest";
import { literal } from "../history/literal.ts";
import { day, lostAt10s, sampled } from "./literal-day.ts";
import { outageOf } from "./outage.ts";
import { recoveries } from "./recovery.ts";

const one = { ...day, deployments: ["dep-01"] };
function recovery(signs: string, deep = signs, healMs = 30_000) {
  const history = literal(
    lostAt10s(healMs),
    sampled("dep-01", signs, { kind: "shallow" }),
    sampled("dep-01", deep, { kind: "deep" }),
  );
  const outage = outageOf(history);
  if (outage === undefined) throw new Error("no outage");
  return recoveries(history, outage, one)[0];
}
const up10s = "++++++++++";

test("a deployment is up when its shallow and its deep look are, and down when one of them is", () => {
  expect(recovery(`${up10s}---++++++++++`, `${up10s}-----++++++++`)).toMatchObject({
    downAt: 10_000,
    downFrom: { low: 9_000, high: 10_800 },
    firstOk: { low: 14_000, high: 15_010 },
    stable: { low: 14_000, high: 15_010 },
    downtimeMs: { low: 3_200, high: 6_010 },
    never: false,
    lastError: "TIMEOUT",
  });
});

test("what was sent after the heal is no recovery; what was only answered after it proves none", () => {
  expect(recovery(`${up10s}------++++++`, undefined, 16_000)).toMatchObject({
    never: true,
    stable: { low: 15_000, high: null },
  });
  expect(recovery(`${up10s}---++++`, undefined, 15_005)).toMatchObject({ never: false, stable: { high: null } });
  expect(recovery(`${up10s}---++++`, undefined, 15_020)).toMatchObject({ never: false, stable: { high: 13_010 } });
});

test("unknown samples around the recovery widen the interval, and never close it", () => {
  expect(recovery(`${up10s}---??+++++`)).toMatchObject({ stable: { low: 12_000, high: 15_010 } });
  expect(recovery(`${up10s}---+?+?+?+`)).toMatchObject({ never: false, stable: { low: 12_000, high: null } });
  expect(recovery(`${up10s}??++++++`)).toMatchObject({ never: false, stable: { low: 10_000, high: 12_010 } });
});

test("a deployment that never failed has nothing to recover from", () => {
  expect(recovery(`${up10s}++++++`)).toEqual({
    name: "dep-01",
    never: false,
    downtimeMs: { low: 0, high: 0 },
    relapses: 0,
    evidence: [],
  });
});

test("a deployment that was not watched is not in the list", () => {
  const history = literal(lostAt10s(), sampled("dep-01", up10s, { kind: "deep" }));
  const outage = outageOf(history);
  expect(outage && recoveries(history, outage, one)).toEqual([]);
});
