import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHistory } from "../history/history.ts";
import { readRunJson } from "../reports/index.ts";
import { leftOf, makePlace, onTime, type Place, smallDay } from "./testing.ts";

const resultOf = (directory: string) => readRunJson(join(directory, "run.json"));
const historyIn = (directory: string) => openHistory(join(directory, "history.ndjson"));
const page = (directory: string): string => readFileSync(join(directory, "report.html"), "utf8");

/** One game day on a machine with neither k6 nor Go, while somebody sets the clock: 300 ms ahead, at SIGUSR2. */
async function dayWithoutK6(place: Place) {
  const preload = join(place.temporary, "clock-step.mjs");
  writeFileSync(
    preload,
    `const now = Date.now; let aheadMs = 0;
     process.on("SIGUSR2", () => { aheadMs += 300; });
     Date.now = () => now() + aheadMs;`,
  );
  await using day = place.start(["run", ...smallDay, "--engine", "auto"], {
    PATH: join(place.temporary, "nothing"),
    XDG_CACHE_HOME: join(place.temporary, "cache"),
    NODE_OPTIONS: `--import=${preload}`,
  });
  await day.said("phase steady …");
  const lab = day.lab();
  day.signal("SIGUSR2");
  const { how } = await day.ended;
  const [directory = ""] = place.runs();
  return { how, output: day.output(), directory, left: leftOf(place, lab) };
}

describe("a game day", () => {
  const place = makePlace();
  let day: Awaited<ReturnType<typeof dayWithoutK6>>;
  beforeAll(async () => {
    day = await dayWithoutK6(place);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  /** A copy of the run to spoil. */
  const copy = (name: string): string => {
    const target = join(place.temporary, name);
    cpSync(day.directory, target, { recursive: true });
    return target;
  };

  it("without k6 and Go passes with the builtin engine, names it, and leaves nothing", async () => {
    expect([day.how, day.output]).toEqual([0, expect.stringContaining("the builtin engine makes the load")]);
    expect(await resultOf(day.directory)).toMatchObject({ outcome: "pass", exitCode: 0, loadEngine: "builtin" });
    expect(page(day.directory)).toContain("builtin");
    expect(day.left).toEqual([]);
  });

  it("records a step of the wall clock, and shows it", async () => {
    const steps = [...(await historyIn(day.directory)).pairs("run", "step")];
    expect(steps.map(({ invocation }) => invocation.value)).toEqual([{ stepMs: expect.closeTo(300, -1) }]);
    expect(day.output).toMatch(/the wall clock was compared .*; it stepped by up to (29|30)\d ms/);
    expect(page(day.directory)).toContain("it stepped by up to");
  });

  it("is judged again with the same verdicts, with a run.json and without", async () => {
    const again = copy("again");
    const [alone, before] = [copy("alone"), await resultOf(day.directory)];
    rmSync(join(alone, "run.json"));
    for (const directory of [again, alone]) {
      const { how } = await place.run(["report", directory]);
      const result = await resultOf(directory);
      expect([how, result.outcome, result.because]).toEqual([0, before.outcome, before.because]);
      expect(JSON.stringify(result.verdicts)).toBe(JSON.stringify(before.verdicts));
    }
    const bytesOf = (directory: string): string => readFileSync(join(directory, "run.json"), "utf8");
    expect(bytesOf(again)).toBe(bytesOf(day.directory));
  });

  it("is judged again when its history ends within a line, as long as no run.json says that it went on", async () => {
    const torn = copy("torn");
    const file = join(torn, "history.ndjson");
    truncateSync(file, (await stat(file)).size - 20);
    const refused = await place.run(["report", torn]);
    expect([refused.how, refused.output]).toEqual([3, expect.stringMatching(/line \d+: it is missing, the run wrote/)]);
    rmSync(join(torn, "run.json"));
    const { how, output } = await place.run(["report", torn]);
    expect(output).toContain("the last line of the history is unfinished");
    const [result, before] = [await resultOf(torn), await resultOf(day.directory)];
    expect([result.history.ops, result.exitCode]).toEqual([before.history.ops - 1, how]);
  });

  it.each([
    ["no history", /"type":"invoke"/, '"type":"inwoke"', /history\.ndjson, line 1: type/],
    ["altered", /"seq":3/, '"seq":4', /history\.ndjson, line \d+: it was altered/],
    ["without a line", /^.*probe\/ledger.*\n/m, "", /history\.ndjson, line \d+: index \d+ on the line of index/],
    ["without its last line", /[^\n]*\n$/, "", /history\.ndjson, line \d+: it is missing, the run wrote \d+ lines/],
  ])("is not judged when its history is %s: the line is named", async (name, what, instead, named) => {
    const spoilt = copy(name.replaceAll(" ", "-"));
    const file = join(spoilt, "history.ndjson");
    const text = readFileSync(file, "utf8");
    const changed = text.replace(what, instead);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    const { how, output } = await place.run(["report", spoilt]);
    expect([how, output]).toEqual([3, expect.stringMatching(named)]);
  });

  it("is not judged when its history is empty", async () => {
    const empty = join(place.temporary, "empty");
    mkdirSync(empty);
    writeFileSync(join(empty, "history.ndjson"), "");
    const { how, output } = await place.run(["report", empty]);
    expect([how, output]).toEqual([3, expect.stringContaining("it has no run/play start")]);
  });
});

it("a failover that never ends is given up at the deadline, healed, and failed with the last seen states", async () => {
  await using place = makePlace();
  const args = ["--plant", "promotionNeverEnds", "--set", "play.recoveryDeadlineMs=8000"];
  const { exitCode, output, directory, result } = await onTime(async () => {
    const { how, output } = await place.run(["run", ...smallDay, ...args]);
    const directory = place.runs().at(-1) ?? "";
    return { exitCode: how, output, directory, result: await resultOf(directory) };
  });
  expect([exitCode, result.outcome]).toEqual([1, "fail"]);
  expect(result.because).toMatch(/2 of 2 deployments had not recovered .*last seen: .*writer: standby/);
  expect(output).toMatch(/did not happen within 8000 ms|deadline of 8000 ms/);
  const rto = result.verdicts.find(({ checker }) => checker === "rto");
  expect(rto?.details).toMatchObject({ lastSeen: { "compute ready": "available", "writer promoted": "standby" } });
  const heals = [...(await historyIn(directory)).pairs("fault", "heal")];
  expect(heals.map(({ completion }) => completion?.type)).toEqual(["ok"]);
  expect([place.processes(), place.labs()]).toEqual([[], []]);
});

it("a fault that does not land is invalid, and no failover is asked for", async () => {
  await using place = makePlace();
  const { how, output } = await place.run(["run", ...smallDay, "--plant", "faultMisses"]);
  const [directory = ""] = place.runs();
  const result = await resultOf(directory);
  expect([how, result.outcome]).toEqual([3, "invalid"]);
  expect(output).toContain("the fault did not land");
  const history = await historyIn(directory);
  expect([...history.pairs("failover")]).toEqual([]);
  const [confirm] = history.pairs("fault", "confirm");
  expect(confirm?.completion?.type).toBe("fail");
  expect(result.durationMs - (confirm?.completion?.time ?? 0)).toBeLessThan(5_000);
  expect([place.processes(), place.labs()]).toEqual([[], []]);
});
