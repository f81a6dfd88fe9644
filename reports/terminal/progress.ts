import type { Completion, Invocation, Millis, Op } from "../../harness/types.ts";
import { field, listOf, numberOf, textOf } from "../values.ts";

export type StepState = "waiting" | "running" | "ok" | "fail" | "info";
export interface Step {
  readonly name: string;
  state: StepState;
  beganAt?: Millis;
  endedAt?: Millis;
  /** What is known of it, in a few words. */
  note: string;
}

/** Where a run stands, as far as its operations tell. It shows what was last seen and judges nothing. */
export interface Progress {
  readonly title: { seed: string; scenario: string; tier: string; timeScale: number; lost: string; survivor: string };
  readonly phases: readonly Step[];
  /** What the failover asked for and was told, in order. */
  readonly failover: readonly Step[];
  /** The survivor's own state, one line per stage of the chain. */
  readonly witnesses: ReadonlyMap<string, { done: boolean; state: string }>;
  readonly deployments: { up: number; all: number };
  readonly tasks: { alive: number; due: number } | undefined;
  /** The clock of the outage: from the order to break, until every deployment answers again. `limitMs` is real-world time. */
  readonly rto: { from: Millis; to?: Millis } | undefined;
  readonly limitMs: Millis | undefined;
  /** The run's time at the newest operation. */
  readonly newest: Millis;
  hear(op: Op): void;
}

const order = ["load", "steady", "fault", "failover", "recovery", "stock", "heal", "settle"];

export function followProgress(): Progress {
  const open = new Map<number, Invocation>();
  const good = new Map<string, boolean>();
  const phases: Step[] = order.map((name) => ({ name, state: "waiting", note: "" }));
  const failover: Step[] = [];
  const witnesses = new Map<string, { done: boolean; state: string }>();
  const title = { seed: "", scenario: "", tier: "", timeScale: 1, lost: "", survivor: "" };
  const deployments = { up: 0, all: 0 };
  let names: readonly string[] = [];
  const state = {
    tasks: undefined as Progress["tasks"],
    rto: undefined as Progress["rto"],
    limitMs: undefined as Millis | undefined,
    newest: 0,
    felt: false,
  };

  const begun = (op: Invocation): void => {
    if (op.process === "run/play" && op.f === "start") {
      title.seed = textOf(op.value, "seed") ?? "";
      title.scenario = textOf(field(op.value, "scenario"), "title") ?? "";
      title.tier = textOf(op.value, "tier") ?? "";
      title.timeScale = numberOf(op.value, "timeScale") ?? 1;
      const regions = field(op.value, "regions");
      title.lost = textOf(regions, "lost") ?? "";
      title.survivor = textOf(regions, "survivor") ?? "";
      state.limitMs = numberOf(field(op.value, "objectives"), "rtoWithinMs");
      names = listOf(op.value, "deployments").filter((name) => typeof name === "string");
      deployments.all = names.length;
    }
    if (op.process === "run/play" && op.f === "phase") {
      const phase = phases.find(({ name }) => name === textOf(op.value, "phase"));
      if (phase) Object.assign(phase, { state: "running", beganAt: op.time });
    }
    if (op.process.startsWith("fault/") && op.f === "inject") state.rto ??= { from: op.time };
    if (op.process.startsWith("failover/")) {
      const step = textOf(op.value, "step");
      failover.push({ name: step ?? op.f, state: "running", beganAt: op.time, note: "" });
    }
  };

  const ended = (op: Completion, began: Invocation): void => {
    if (op.process === "run/play" && op.f === "phase") {
      const phase = phases.find(({ name }) => name === textOf(began.value, "phase"));
      if (phase) Object.assign(phase, { state: op.type, endedAt: op.time, note: op.error ?? phase.note });
    }
    if (op.process.startsWith("failover/")) {
      const name = textOf(began.value, "step") ?? op.f;
      const step = failover.find((one) => one.name === name && one.state === "running");
      if (step) Object.assign(step, { state: op.type, endedAt: op.time, note: noteOf(op) });
    }
    if (op.process.startsWith("fault/") && op.f === "confirm") note("fault", op.error ?? textOf(op.value, "how"));
    if (op.process === "probe/availability") availability(op, began);
    if (op.process === "probe/witness") {
      const seen = { done: field(op.value, "done") === true, state: textOf(op.value, "state") ?? op.error ?? op.type };
      witnesses.set(textOf(began.value, "stage") ?? "", seen);
    }
    if (op.process === "load/heartbeats") {
      const alive = numberOf(op.value, "alive");
      if (alive !== undefined) state.tasks = { alive, due: Math.max(alive, state.tasks?.due ?? 0) };
    }
    if (op.process === "load/engine" && op.f === "start" && op.type === "ok") {
      const engine = [textOf(began.value, "engine"), textOf(began.value, "version")].filter(Boolean).join(" ");
      note("load", `load by ${engine}`);
    }
  };

  const availability = (op: Completion, began: Invocation): void => {
    if (textOf(began.value, "client") !== "fresh") return;
    const deployment = textOf(began.value, "deployment") ?? "";
    good.set(`${deployment} ${textOf(began.value, "kind")}`, op.type === "ok");
    deployments.up = names.filter((name) => good.get(`${name} shallow`) && good.get(`${name} deep`)).length;
    if (state.rto === undefined) return;
    if (deployments.up < deployments.all) {
      state.felt = true;
      state.rto = { from: state.rto.from };
    } else if (state.felt) state.rto = { to: op.time, ...state.rto };
  };

  const note = (phase: string, text: string | undefined): void => {
    const step = phases.find(({ name }) => name === phase);
    if (step && text !== undefined) step.note = text;
  };

  return {
    title,
    phases,
    failover,
    witnesses,
    deployments,
    get tasks() {
      return state.tasks;
    },
    get rto() {
      return state.rto;
    },
    get limitMs() {
      return state.limitMs;
    },
    get newest() {
      return state.newest;
    },
    hear(op) {
      state.newest = Math.max(state.newest, op.time);
      if (op.type === "invoke") {
        open.set(op.index, op);
        begun(op);
        return;
      }
      const began = open.get(op.invoke);
      open.delete(op.invoke);
      if (began !== undefined) ended(op, began);
    },
  };
}

function noteOf(op: Completion): string {
  const detail = field(op.value, "detail");
  return (
    op.error ?? textOf(op.value, "state") ?? textOf(op.value, "operation") ?? (typeof detail === "string" ? detail : "")
  );
}
