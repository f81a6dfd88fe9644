import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { roundTripHistory } from "./example/round-trip.ts";
import { exampleHistory } from "./example-history.ts";
import { exampleResult } from "./example-result.ts";
import { frame } from "./terminal/frame.ts";
import { followProgress } from "./terminal/progress.ts";
import { standing } from "./terminal/sayings.ts";
import { type TerminalOptions, terminal } from "./terminal.ts";

const history = exampleHistory({ deployments: 8, tasks: 40 });
const result = exampleResult(history, judge(history, checkers));

function screens(isTTY: boolean) {
  const written = { progress: "", result: "" };
  const screen = (where: keyof typeof written) => ({
    isTTY,
    columns: 90,
    rows: 60,
    write: (text: string) => {
      written[where] += text;
    },
  });
  return { written, options: { progress: screen("progress"), result: screen("result"), report: "report.html" } };
}

async function told(
  isTTY: boolean,
  rest: Partial<TerminalOptions> = {},
): Promise<{ progress: string; result: string }> {
  const { written, options } = screens(isTTY);
  const reporter = terminal({ env: {}, ...options, ...rest });
  for (const op of history.ops) reporter.onOp?.(op);
  await reporter.onEnd?.(result, history);
  return written;
}

describe("where lines are kept, as in CI", () => {
  test("each event is one plain line, and one now and then says that the run is alive", async () => {
    const { progress } = await told(false);
    const lines = progress.split("\n");
    expect(progress).not.toContain("\u001b");
    expect(lines[0]).toBe("[   0.0 s] seed 4f2a91c3");
    expect(lines).toContain(
      "[  32.7 s] failover/control-plane step database-compute ok in 10.3 s (instance available)",
    );
    const alive = lines.filter((line) => line.includes("deployments up"));
    expect(alive).toHaveLength(4);
    expect(alive[1]).toMatch(
      /0 of 8 deployments up · \d+ of 40 tasks alive · no heartbeat answered · outage so far 11\.0 s · at most 5 min/,
    );
  });

  test("what a platform says cannot break a line", async () => {
    const hostile = exampleHistory({ deployments: 2, tasks: 4, detail: "one\ntwo\u001b[2Jthree" });
    const { written, options } = screens(false);
    const reporter = terminal({ env: {}, ...options });
    for (const op of hostile.ops) reporter.onOp?.(op);
    expect(written.progress).toContain("(one two [2Jthree)");
    expect(written.progress).not.toContain("\u001b");
  });
});

describe("the result", () => {
  test("is a table with the lab's value and its projection, the report's path, and the seed last", async () => {
    const page = (await told(false)).result;
    expect(page).toMatch(/RTO +≤ 1 h +\[[\d.]+ s, [\d.]+ s\] +\[\d+ min \d+ s, \d+ min \d+ s\] +pass/);
    expect(page.trim().split("\n").slice(-3)).toEqual([
      `  history ${result.history.ops.toLocaleString("en-US")} lines, the last with hash 9f2c4e61b07d8a35c1f4e2907b6d3a58`,
      "  report  report.html",
      "  seed    4f2a91c3",
    ]);
  });

  test("breaks its sentences between words where the terminal ends", async () => {
    const lines = stripVTControlCharacters((await told(true)).result).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
    expect(lines.join(" ").replace(/ +/g, " ")).toContain(result.because);
  });

  test("is all that a replay tells", async () => {
    expect((await told(true, { live: false })).progress).toBe("");
  });

  test("is coloured on a terminal, unless NO_COLOR is set; FORCE_COLOR decides over both", async () => {
    expect((await told(true)).result).toContain("\u001b[");
    expect((await told(true, { env: { NO_COLOR: "1" } })).result).not.toContain("\u001b[");
    expect((await told(false, { env: { FORCE_COLOR: "1" } })).result).toContain("\u001b[");
    expect((await told(true, { env: { FORCE_COLOR: "0" } })).result).not.toContain("\u001b[");
  });
});

describe("the live picture", () => {
  const at = (time: number, room = { columns: 100, rows: 60 }): string[] => {
    const progress = followProgress();
    for (const op of history.ops) if (op.time <= time) progress.hear(op);
    return frame(progress, time, room, (_, text) => text);
  };

  test("shows the steps taken, what is seen of the survivor, and the outage as it runs", () => {
    const lines = at(38_500).join("\n");
    expect(lines).toMatch(/✔ steady +10\.0 s/);
    expect(lines).toMatch(/✔ database-failover +3\.3 s {3}writer promoted/);
    expect(lines).toMatch(/○ pods +2 of 8 ready/);
    expect(lines).toMatch(/deployments up +─+ 0\/8/);
    expect(lines).toMatch(/outage so far 19\.5 s {3}at most 9 min 44 s in real time {3}objective 1 h/);
  });

  test("stops the outage's clock when all deployments answer again", () => {
    const late = at(60_000).find((line) => line.includes("all deployments answer"));
    expect(late).toBe(at(59_000).find((line) => line.includes("all deployments answer")));
  });

  test("never takes more room than there is", () => {
    const lines = at(38_500, { columns: 40, rows: 12 });
    expect(lines.length).toBeLessThan(12);
    expect(Math.max(...lines.map((line) => stripVTControlCharacters(line).length))).toBeLessThan(40);
  });
});

describe("a run of several drills", () => {
  const { ops } = roundTripHistory();
  const heardUntil = (time: number) => {
    const progress = followProgress();
    for (const op of ops) if (op.time <= time) progress.hear(op);
    return progress;
  };
  const line = (time: number): string => standing(heardUntil(time), time);
  const picture = (time: number): string =>
    frame(heardUntil(time), time, { columns: 120, rows: 80 }, (_, text) => text).join("\n");

  test("the clock of a drill stops for good when its drill is over", () => {
    expect(line(30_000)).toMatch(
      /0 of 6 deployments up · 40 of 40 tasks alive · no heartbeat answered · outage so far 11\.0 s/,
    );
    expect(line(58_000)).toContain("failover: all deployments answer after");
    expect(line(70_000)).not.toContain("so far");
    expect(line(88_000)).toMatch(/failback: 3\.8 s so far, no deployment down/);
    expect(line(112_000)).toContain("failback: all deployments answer after");
  });

  test("what goes down after a drill is no outage of that drill", () => {
    const progress = heardUntil(58_000);
    const sample = { process: "probe/availability", f: "sample" } as const;
    const value = { deployment: "dep-01", kind: "deep", client: "fresh", due: 58_000 };
    progress.hear({ type: "invoke", index: 900_000, time: 58_000, ...sample, value });
    progress.hear({ type: "fail", invoke: 900_000, index: 900_001, time: 58_800, ...sample, error: "TIMEOUT" });
    expect(standing(progress, 60_000)).toContain("5 of 6 deployments up");
    expect(standing(progress, 60_000)).not.toContain("so far");
  });

  test("what is healed in the middle of a drill does not stop the drill's clock", () => {
    const progress = heardUntil(26_000);
    const heal = { process: "fault/lose-region", f: "heal", value: { region: "us-east-2" } } as const;
    progress.hear({ type: "invoke", index: 900_000, time: 26_000, ...heal });
    progress.hear({ type: "ok", invoke: 900_000, index: 900_001, time: 26_100, ...heal });
    expect(standing(progress, 30_000)).toContain("outage so far 11.0 s");
  });

  test("says what it waits for, in the platform's words", () => {
    expect(line(64_000)).toContain("waiting for us-east-2 to return");
    expect(line(70_000)).toContain("waiting to be protected again: rebuilding: us-east-2 is rebuilt on a new volume");
  });

  test("lists what is still to come, and the steps of the drill that goes on", () => {
    expect(picture(30_000)).toMatch(/· protection/);
    expect(picture(90_000)).toMatch(/recovery \(failback\)/);
    expect(picture(90_000)).toMatch(/✔ failover +[\d.]+ s\n/);
    expect(picture(92_000)).toMatch(/✔ database-compute +6\.5 s/);
    expect(picture(92_000)).toContain("seen in us-east-2:");
  });

  test("nobody is called down who was not looked at, nor by a look that says nothing", () => {
    expect(line(200)).toContain("no deployment looked at yet");
    const progress = heardUntil(15_000);
    const asked = { deployment: "dep-01", kind: "deep", client: "fresh", due: 15_000 };
    progress.hear({
      type: "invoke",
      index: 900_000,
      time: 15_000,
      process: "probe/availability",
      f: "sample",
      value: asked,
    });
    progress.hear({
      type: "info",
      invoke: 900_000,
      index: 900_001,
      time: 15_800,
      process: "probe/availability",
      f: "sample",
    });
    expect(standing(progress, 15_800)).toContain("6 of 6 deployments up");
  });
});

test("a region whose loss moves nothing has no outage", () => {
  const progress = followProgress();
  const header = { regions: { lost: "us-east-2", survivor: "us-west-2" }, deployments: ["dep-01"], drills: [] };
  const fault = { process: "fault/lose-region", f: "inject", value: { region: "us-east-2" } } as const;
  progress.hear({ type: "invoke", index: 0, time: 0, process: "run/play", f: "start", value: header });
  progress.hear({ type: "invoke", index: 1, time: 1_000, ...fault });
  expect(standing(progress, 4_000)).toContain("us-east-2 lost for 3 s");
  expect(standing(progress, 4_000)).not.toContain("outage");
});

describe("drawing in place", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("rewrites its own lines and gives the cursor back", () => {
    const { written, options } = screens(true);
    using reporter = terminal({ env: { NO_COLOR: "1" }, ...options });
    for (const op of history.ops.slice(0, 2_000)) reporter.onOp?.(op);
    vi.advanceTimersByTime(250);
    reporter[Symbol.dispose]();
    const [, first = "", second = ""] = written.progress.split("\u001b[?25l");
    expect(second.startsWith(`\u001b[${first.split("\n").length - 1}A\r\u001b[J`)).toBe(true);
    expect(written.progress.endsWith("\u001b[?25h")).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
