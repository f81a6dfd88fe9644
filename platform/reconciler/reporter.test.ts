import { setTimeout as pause } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { reporterOf } from "./reporter.ts";

/** A reporter whose interval never comes. */
async function reporting(send: (report: string) => Promise<void>) {
  const stopped = new AbortController();
  const state = { is: "as before" };
  const reporter = reporterOf({ look: () => state.is, send, everyMs: 600_000 }, stopped.signal);
  return {
    state,
    reporter,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      reporter.soon();
      await reporter.ended;
    },
  };
}

it("tells what is new soon, and what it has told already not before its time", async () => {
  const told: string[] = [];
  await using running = await reporting(async (report) => void told.push(report));
  await vi.waitFor(() => expect(told).toEqual(["as before"]));
  running.reporter.soon();
  await pause(100);
  running.state.is = "other";
  running.reporter.soon();
  await vi.waitFor(() => expect(told).toEqual(["as before", "other"]));
});

it("tells again what could not be told", async () => {
  const told: string[] = [];
  await using running = await reporting(async (report) => {
    told.push(report);
    if (told.length === 1) throw new Error("nobody hears it");
  });
  await vi.waitFor(() => expect(told).toHaveLength(1));
  running.reporter.soon();
  await vi.waitFor(() => expect(told).toEqual(["as before", "as before"]));
});
