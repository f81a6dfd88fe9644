import { expect, test } from "vitest";
import { phasesOf } from "./acts.ts";
import type { Act, FailoverPlan, Fault } from "./types.ts";

const fault: Fault = {
  role: "fault",
  name: "fault",
  plan: { breaks: "", forAtMostMs: 1, undoneBy: [] },
  start: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
};
const ask = (phase: string): Act => ({
  act: "ask",
  plan: { name: "p", phase, perform: async () => undefined } satisfies FailoverPlan,
});

test("the phases of a scenario are told in the order in which they begin, with the drill that waits for them", () => {
  const acts: readonly Act[] = [
    {
      act: "break",
      fault,
      acts: [
        {
          act: "along",
          main: {
            act: "drill",
            drill: { name: "there", from: "lost", to: "survivor" },
            acts: [ask("failover"), { act: "recover" }, { act: "stock" }],
          },
          acts: [{ act: "live", forMs: 1 }],
        },
      ],
    },
    { act: "protect", withinMs: 1 },
    { act: "refuse", withinMs: 1 },
  ];
  expect(phasesOf({ prepare: [ask("failover")], acts })).toEqual([
    { phase: "failover" },
    { phase: "load" },
    { phase: "steady" },
    { phase: "fault" },
    { phase: "failover", drill: "there" },
    { phase: "recovery", drill: "there" },
    { phase: "stock", drill: "there" },
    { phase: "life" },
    { phase: "heal" },
    { phase: "protection" },
    { phase: "gate" },
    { phase: "settle" },
  ]);
});
