import { describe, expect, it } from "vitest";
import { startClock, watchWallClock } from "./clock.ts";
import { seededRandom } from "./random.ts";
import { until } from "./until.ts";

const clock = startClock();

describe("until", () => {
  it("gives the first value that is accepted", async () => {
    let n = 0;
    expect(
      await until(
        "three",
        () => ++n,
        (value) => value === 3,
        { clock, withinMs: 1_000, everyMs: 1 },
      ),
    ).toBe(3);
  });

  it("names what did not happen, the time and what was seen last", async () => {
    const waiting = until(
      "the writer",
      () => "standby",
      () => false,
      { clock, withinMs: 20, everyMs: 5, hint: "look at RDS" },
    );
    await expect(waiting).rejects.toMatchObject({
      name: "NotYet",
      message: "the writer did not happen within 20 ms; last seen: standby",
      hint: "look at RDS",
    });
  });

  it("keeps the last error as the cause", async () => {
    const failing = until(
      "x",
      () => Promise.reject(new Error("refused")),
      () => true,
      { clock, withinMs: 10, everyMs: 5 },
    );
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining("refused"),
      cause: new Error("refused"),
    });
  });

  it("ends with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("interrupted"));
    await expect(
      until(
        "x",
        () => 1,
        () => false,
        { clock, withinMs: 1_000, signal },
      ),
    ).rejects.toThrow("interrupted");
  });
});

describe("watchWallClock", () => {
  it("reports a step once, with its size", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    let stepMs = 0;
    using watch = watchWallClock(clock, resolve, { everyMs: 5, wallNow: () => Date.now() + stepMs });
    stepMs = -3_000;
    expect(Math.abs((await promise) + 3_000)).toBeLessThan(50);
    const { checks, driftMs } = watch.seen();
    expect([checks > 0, Math.abs(driftMs + 3_000) < 50]).toEqual([true, true]);
  });
});

describe("seededRandom", () => {
  it("gives the same stream for the same seed, and an independent one for each name", () => {
    const draw = (name: string): number[] => {
      const dice = seededRandom("seed").fork(name);
      return Array.from({ length: 5 }, () => dice.next());
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("is uniform enough to plan with", () => {
    const dice = seededRandom("uniform");
    const mean = Array.from({ length: 10_000 }, () => dice.next()).reduce((sum, one) => sum + one) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
  });
});
