import { describe, expect, it } from "vitest";
import { converge, NotReached } from "./converge.ts";

const patience = { everyMs: 1, lookWithinMs: 20, withinMs: 2_000 };

describe("converge", () => {
  it("asks before it acts, and again afterwards", async () => {
    const log: string[] = [];
    const ask = async () => {
      log.push("ask");
      return log.includes("act")
        ? { done: true as const, detail: "there" }
        : { done: false as const, detail: "not yet", act: async () => log.push("act") };
    };
    await expect(converge("goal", ask, patience)).resolves.toBe("there");
    expect(log).toEqual(["ask", "act", "ask"]);
  });

  it("takes an act that never answers for unknown, and asks", async () => {
    let acted = 0;
    const ask = async () =>
      acted > 0
        ? { done: true as const, detail: "it did happen" }
        : {
            done: false as const,
            detail: "not yet",
            act: () => {
              acted += 1;
              return new Promise(() => {});
            },
          };
    await expect(converge("goal", ask, patience)).resolves.toBe("it did happen");
    expect(acted).toBe(1);
  });

  it("goes on after errors and tells them", async () => {
    const told: string[] = [];
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked < 3) throw new TypeError("no route");
      return { done: true as const, detail: "there" };
    };
    await converge("goal", ask, { ...patience, onDetail: (detail) => told.push(detail) });
    expect(told).toEqual(["asked again, because: TypeError: no route", "there"]);
  });

  it("gives up in time, with what it saw last", async () => {
    const never = converge("goal", async () => ({ done: false, detail: "creating" }), { ...patience, withinMs: 10 });
    await expect(never).rejects.toThrow(NotReached);
    await expect(never).rejects.toThrow("goal was not reached within 10 ms; last seen: creating");
  });

  it("stops when told to", async () => {
    const stop = new AbortController();
    const endless = converge("goal", async () => ({ done: false, detail: "" }), { ...patience, signal: stop.signal });
    stop.abort(new Error("closing"));
    await expect(endless).rejects.toThrow("closing");
  });
});
