import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { signalProcess } from "../fixtures/lab/processes.ts";
import { startClock } from "../harness/clock.ts";
import { until } from "../harness/until.ts";
import { openHistory } from "../history/history.ts";
import { readRunJson } from "../reports/index.ts";
import { type Gameday, type LabSeen, leftOf, makePlace, type Place, smallDay } from "./testing.ts";

/** Moments of a run, by what it has just said. */
const moments = {
  "set-up": "setting up the platform",
  "steady state": "phase steady …",
  outage: "phase failover …",
} as const;
type Moment = keyof typeof moments;

interface Scene extends AsyncDisposable {
  readonly place: Place;
  readonly day: Gameday;
  readonly lab: LabSeen;
}

/** A game day that has come to a moment. */
async function comeTo(moment: Moment): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(makePlace());
  const day = stack.use(place.start(["run", ...smallDay, "--deployments", "1", "--tasks", "2"]));
  await day.said(moments[moment]);
  const lab = day.lab();
  const kept = stack.move();
  return { place, day, lab, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The supervisor's promise: 15 s, whatever became of the harness. `but` may stay. */
async function allGone({ place, lab }: Scene, but: RegExp = /^$/): Promise<void> {
  await until(
    "the end of the lab",
    () => leftOf(place, lab).filter((one) => !but.test(one)),
    (left) => left.length === 0,
    { clock: startClock(), withinMs: 15_000 },
  );
}

const onlyRun = ({ place }: Scene): string => {
  const [directory, ...more] = place.runs();
  expect(more).toEqual([]);
  return directory ?? "no run directory";
};

it.concurrent.each([
  ["SIGTERM", 143, "steady state"],
  ["SIGINT", 130, "outage"],
] as const)("%s once leaves with %d after healing and reporting, during the %s", async (signal, exitCode, moment) => {
  await using scene = await comeTo(moment);
  scene.day.signal(signal);
  expect((await scene.day.ended).how).toBe(exitCode);
  expect(leftOf(scene.place, scene.lab)).toEqual([]);
  expect(scene.day.output()).toContain("interrupted");
  const directory = onlyRun(scene);
  expect(readFileSync(join(directory, "report.html"), "utf8")).toContain("interrupted");
  const result = await readRunJson(join(directory, "run.json"));
  expect(result).toMatchObject({ interrupted: true, exitCode });
  expect(["invalid", "inconclusive"]).toContain(result.outcome);
  const heals = [...(await openHistory(join(directory, "history.ndjson"))).pairs("fault", "heal")];
  expect(heals.map(({ completion }) => completion?.type)).toEqual(moment === "outage" ? ["ok"] : []);
});

it.concurrent("SIGINT once during set-up leaves with 130, and leaves nothing", async () => {
  await using scene = await comeTo("set-up");
  scene.day.signal("SIGINT");
  expect((await scene.day.ended).how).toBe(130);
  expect(scene.day.output()).toContain("stopped by SIGINT");
  expect([leftOf(scene.place, scene.lab), scene.place.runs()]).toEqual([[], []]);
});

it.concurrent("SIGINT twice leaves at once, and the supervisor heals", async () => {
  await using scene = await comeTo("outage");
  scene.day.signal("SIGINT");
  await scene.day.said("once more leaves at once");
  scene.day.signal("SIGINT");
  expect((await scene.day.ended).how).toBe(130);
  expect(scene.day.output()).toContain("leaving at once");
  await allGone(scene);
});

it.concurrent.each(Object.keys(moments) as Moment[])(
  "kill -9 during the %s: all is gone within 15 s",
  async (moment) => {
    await using scene = await comeTo(moment);
    scene.day.signal("SIGKILL");
    expect((await scene.day.ended).how).toBe("SIGKILL");
    await allGone(scene);
  },
);

it.concurrent.each(["set-up", "outage"] as const)(
  "the supervisor is killed during the %s: the run says so, leaves with 4 and sweeps",
  async (moment) => {
    await using scene = await comeTo(moment);
    signalProcess(scene.lab.supervisor, "SIGKILL");
    const { how } = await scene.day.ended;
    expect([how, scene.day.output()]).toEqual([
      4,
      expect.stringMatching(/the lab is gone: its supervisor ended .*SIGKILL/),
    ]);
    expect(leftOf(scene.place, scene.lab)).toEqual([]);
    if (moment === "outage") expect(existsSync(join(onlyRun(scene), "report.html"))).toBe(true);
  },
);

it.concurrent("a harness that is stopped beyond its lease finds the lab removed, and says so when it goes on", async () => {
  await using scene = await comeTo("outage");
  scene.day.signal("SIGSTOP");
  // Its guard holds the address range, and it the door of its forward proxy, until it has gone on and ended.
  await allGone(scene, new RegExp(`^(process ${scene.day.pid} T|127\\.4\\d\\.(255\\.1:7999|0\\.6:3128))$`));
  scene.day.signal("SIGCONT");
  const { how } = await scene.day.ended;
  expect([how, scene.day.output()]).toEqual([
    4,
    expect.stringMatching(/the lab is gone: the harness was silent for 8 s/),
  ]);
  expect(leftOf(scene.place, scene.lab)).toEqual([]);
});

it.concurrent("heals what is left when harness and supervisor are both killed", async () => {
  await using scene = await comeTo("outage");
  const { place, day, lab } = scene;
  day.signal("SIGSTOP");
  signalProcess(lab.supervisor, "SIGKILL");
  day.signal("SIGKILL");
  await day.ended;
  expect(leftOf(place, lab)).toContainEqual(expect.stringMatching(/process \d+ T/));
  const healed = await place.run(["heal", lab.id]);
  expect([healed.how, healed.output]).toEqual([0, expect.stringContaining(`healed lab ${lab.id}: ended `)]);
  expect(leftOf(place, lab)).toEqual([]);
  expect((await place.run(["heal", lab.id])).output).toContain("nothing to heal");
});

it.concurrent("lab up stays until Ctrl-C and leaves nothing", async () => {
  await using place = makePlace();
  await using command = place.start(["lab", "up", "--deployments", "1", "--tasks", "2"]);
  await command.said("Ctrl-C ends and removes it.");
  const lab = command.lab();
  expect(leftOf(place, lab)).not.toEqual([]);
  command.signal("SIGINT");
  expect((await command.ended).how).toBe(0);
  expect(leftOf(place, lab)).toEqual([]);
});

it.concurrent("another lab that has the address range of one that is gone is not what that one left", async () => {
  await using gone = makePlace();
  await using scene = await comeTo("set-up");
  expect(leftOf(gone, { ...scene.lab, id: "gone", directory: join(gone.temporary, "gameday-lab-gone") })).toEqual([]);
  expect(leftOf(scene.place, scene.lab)).toContainEqual(expect.stringMatching(/^127\.\d+\.255\.1:7999$/));
});
