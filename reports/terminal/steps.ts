import type { Completion, Invocation, Millis } from "../../harness/types.ts";
import { field, listOf, textOf } from "../values.ts";

export type StepState = "waiting" | "running" | "ok" | "fail" | "info";
export interface Step {
  readonly name: string;
  /** The drill that it belongs to, where it does. */
  readonly drill?: string | undefined;
  state: StepState;
  beganAt?: Millis;
  endedAt?: Millis;
  /** What is known of it, in a few words. */
  note: string;
  /** What the platform was asked in it and told, in order. */
  readonly asked: Step[];
}

/** As old histories imply it, which do not say what is to come. */
const usual = ["load", "steady", "fault", "failover", "recovery", "stock", "heal", "settle"];

/** The phases of a run: those that are to come from its first op, then each as it begins and ends. */
export function phaseSteps() {
  const steps: Step[] = [];
  /** A phase in which the platform is asked for something. */
  let asking: Step | undefined;
  const expect = (name: string, drill?: string): Step => {
    const step: Step = { name, drill, state: "waiting", note: "", asked: [] };
    steps.push(step);
    return step;
  };
  return {
    steps,
    get asking(): Step | undefined {
      return asking;
    },
    /** From the header of the run. */
    plan(header: unknown): void {
      const told = listOf(header, "phases");
      if (told.length === 0) for (const name of usual) expect(name);
      for (const one of told) expect(textOf(one, "phase") ?? "", textOf(one, "drill"));
    },
    begun({ value, time }: Invocation): void {
      const [name, drill] = [textOf(value, "phase") ?? "", textOf(value, "drill")];
      const waits = (one: Step): boolean => one.state === "waiting" && one.name === name;
      const step = steps.find((one) => waits(one) && one.drill === drill) ?? steps.find(waits) ?? expect(name, drill);
      Object.assign(step, { state: "running", beganAt: time });
    },
    ended(op: Completion, { value, time }: Invocation): void {
      const name = textOf(value, "phase");
      const step = steps.find((one) => one.name === name && one.state === "running" && one.beganAt === time);
      if (step) Object.assign(step, { state: op.type, endedAt: op.time, note: op.error ?? step.note });
    },
    askedFor(op: Invocation): void {
      const running = steps.findLast(({ state, name }) => state === "running" && !ofTheRun.has(name));
      asking = running ?? asking;
      const name = textOf(op.value, "step") ?? op.f;
      asking?.asked.push({ name, state: "running", beganAt: op.time, note: "", asked: [] });
    },
    answered(op: Completion, began: Invocation): void {
      const name = textOf(began.value, "step") ?? op.f;
      const step = asking?.asked.find((one) => one.name === name && one.state === "running");
      if (step) Object.assign(step, { state: op.type, endedAt: op.time, note: noteOf(op) });
    },
    note(name: string, text: string | undefined): void {
      const step = steps.findLast((one) => one.name === name && one.state !== "waiting");
      if (step && text !== undefined) step.note = text;
    },
  };
}

/** Phases in which the run itself acts or waits; in every other the platform is asked for something. */
const ofTheRun = new Set([
  "load",
  "steady",
  "fault",
  "recovery",
  "stock",
  "life",
  "protection",
  "gate",
  "heal",
  "settle",
]);

function noteOf(op: Completion): string {
  const detail = field(op.value, "detail");
  return (
    op.error ?? textOf(op.value, "state") ?? textOf(op.value, "operation") ?? (typeof detail === "string" ? detail : "")
  );
}
