import type { Completion, Drill, Invocation, Millis, Op } from "../../harness/types.ts";
import { field, listOf, numberOf, textOf } from "../values.ts";
import { type OutageClock, outageClocks } from "./clock.ts";
import { type DeploymentsSeen, deploymentSights, protectionSeen, type TasksSeen, tasksSeen } from "./sights.ts";
import { phaseSteps, type Step } from "./steps.ts";

/** A region that was taken away, and has not returned unless it says so. */
export interface LostRegion {
  readonly region: string;
  readonly from: Millis;
  to?: Millis;
}

/** Where a run stands, as far as its operations tell. It shows what was last seen and judges nothing. */
export interface Progress {
  readonly title: { seed: string; scenario: string; tier: string; timeScale: number; regions: readonly string[] };
  readonly phases: readonly Step[];
  /** The phase in which the platform was asked last. */
  readonly asking: Step | undefined;
  /** The state of the region that is moved to, one line per stage of the chain. */
  readonly witnesses: ReadonlyMap<string, { done: boolean; state: string }>;
  readonly witnessed: string;
  readonly deployments: DeploymentsSeen;
  readonly tasks: TasksSeen | undefined;
  /** One for each drill that has begun. `limitMs` is real-world time. */
  readonly clocks: readonly OutageClock[];
  readonly limitMs: Millis | undefined;
  readonly lost: LostRegion | undefined;
  /** What was last said of protection, and what the run waits for now. */
  readonly protection: string | undefined;
  /** The run's time at the newest operation. */
  readonly newest: Millis;
  hear(op: Op): void;
}

export function followProgress(): Progress {
  const open = new Map<number, Invocation>();
  const phases = phaseSteps();
  const clocks = outageClocks();
  const sights = deploymentSights();
  const witnesses = new Map<string, { done: boolean; state: string }>();
  const title = { seed: "", scenario: "", tier: "", timeScale: 1, regions: [] as readonly string[] };
  const state = {
    survivor: "",
    tasks: undefined as TasksSeen | undefined,
    lost: undefined as LostRegion | undefined,
    protection: undefined as string | undefined,
    limitMs: undefined as Millis | undefined,
    newest: 0,
  };

  const began = (op: Invocation): void => {
    const { process, f, value } = op;
    if (process === "run/play" && f === "start") header(value);
    if (process === "run/play" && f === "phase") phases.begun(op);
    if (process === "run/play" && f === "drill") {
      clocks.drillBegan(textOf(value, "name") ?? "");
      witnesses.clear();
    }
    if (process.startsWith("fault/")) faultBegan(op);
    if (process.startsWith("failover/")) {
      phases.askedFor(op);
      if (f === "request") clocks.asked(op.time);
    }
  };

  const header = (value: unknown): void => {
    title.seed = textOf(value, "seed") ?? "";
    title.scenario = textOf(field(value, "scenario"), "title") ?? "";
    title.tier = textOf(value, "tier") ?? "";
    title.timeScale = numberOf(value, "timeScale") ?? 1;
    const regions = field(value, "regions");
    state.survivor = textOf(regions, "survivor") ?? "";
    title.regions = [textOf(regions, "lost") ?? "", state.survivor];
    state.limitMs = numberOf(field(value, "objectives"), "rtoWithinMs");
    sights.expect(listOf(value, "deployments").filter((name) => typeof name === "string"));
    phases.plan(value);
    clocks.planned(field(value, "drills") === undefined ? undefined : listOf(value, "drills").map(drillOf));
  };

  const faultBegan = ({ process, f, value, time }: Invocation): void => {
    const isGray = process === "fault/gray-region";
    if (process !== "fault/lose-region" && !isGray) return;
    const region = textOf(value, "region");
    if (f === "inject") {
      clocks.lost(region, time);
      // A gray region is there all the time.
      if (region !== undefined && !isGray) state.lost = { region, from: time };
    }
    if (f === "heal") {
      if (state.lost !== undefined) state.lost.to = time;
      // What is healed in the middle of a drill ends nothing: the platform is on its way still.
      if (clocks.current === undefined) clocks.over();
    }
  };

  const ended = (op: Completion, asked: Invocation): void => {
    const { process, f } = op;
    if (process === "run/play" && f === "phase") phases.ended(op, asked);
    if (process === "run/play" && f === "drill") clocks.over();
    if (process === "run/play" && f === "gate") phases.note("gate", op.error ?? listOf(op.value, "because").join("; "));
    if (process.startsWith("failover/")) {
      phases.answered(op, asked);
      if (f === "follow" && op.type === "ok") clocks.told(op.time);
    }
    if (process.startsWith("fault/") && f === "confirm") phases.note("fault", op.error ?? textOf(op.value, "how"));
    if (process === "probe/availability" && sights.see(asked.value, op.type)) {
      const { up, down, all } = sights.seen;
      if (down > 0 || up === all) clocks.availability(down === 0, op.time);
    }
    if (process === "probe/witness") witnessedBy(op, asked);
    if (process === "probe/protection" && f === "sample")
      state.protection = protectionSeen(op.value) ?? state.protection;
    if (process === "load/heartbeats") state.tasks = tasksSeen(op.value, state.tasks);
    if (process === "load/engine" && f === "start" && op.type === "ok") {
      const engine = [textOf(asked.value, "engine"), textOf(asked.value, "version")].filter(Boolean).join(" ");
      phases.note("load", `load by ${engine}`);
    }
  };

  const target = (): string => clocks.current?.to ?? state.survivor;
  const witnessedBy = (op: Completion, { value }: Invocation): void => {
    const region = textOf(value, "region");
    if (region !== undefined && region !== target()) return;
    const seen = { done: field(op.value, "done") === true, state: textOf(op.value, "state") ?? op.error ?? op.type };
    witnesses.set(textOf(value, "stage") ?? "", seen);
  };

  return {
    title,
    phases: phases.steps,
    witnesses,
    clocks: clocks.clocks,
    get asking() {
      return phases.asking;
    },
    get witnessed() {
      return target();
    },
    get deployments() {
      return sights.seen;
    },
    get tasks() {
      return state.tasks;
    },
    get limitMs() {
      return state.limitMs;
    },
    get lost() {
      return state.lost;
    },
    get protection() {
      return state.protection;
    },
    get newest() {
      return state.newest;
    },
    hear(op) {
      state.newest = Math.max(state.newest, op.time);
      if (op.type === "invoke") {
        open.set(op.index, op);
        began(op);
        return;
      }
      const asked = open.get(op.invoke);
      open.delete(op.invoke);
      if (asked !== undefined) ended(op, asked);
    },
  };
}

const drillOf = (one: unknown): Drill => ({
  name: textOf(one, "name") ?? "",
  from: textOf(one, "from") ?? "",
  to: textOf(one, "to") ?? "",
});
