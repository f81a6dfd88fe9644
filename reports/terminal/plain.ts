import type { Completion, Invocation, Millis, Op } from "../../harness/types.ts";
import { duration } from "../../harness/words.ts";
import { count } from "../format.ts";
import { field, listOf, textOf } from "../values.ts";
import type { Paint, Screen } from "./paint.ts";
import type { Progress } from "./progress.ts";

/** One line per event of the run, fault and failover, and one now and then to say that the run is alive: for logs and CI. */
export function writeLines(progress: Progress, screen: Screen, paint: Paint, aliveEveryMs: Millis = 15_000) {
  const open = new Map<number, Invocation>();
  let aliveAt = 0;
  const say = (at: Millis, text: string): void => {
    screen.write(`${paint("dim", `[${(at / 1_000).toFixed(1).padStart(6)} s]`)} ${text}\n`);
  };
  return {
    hear(op: Op): void {
      if (/^(run|fault|failover)\//.test(op.process) || op.process === "load/engine") {
        if (op.type === "invoke") {
          open.set(op.index, op);
          for (const line of beginning(op)) say(op.time, line);
        } else {
          const began = open.get(op.invoke);
          if (began !== undefined) say(op.time, ending(op, began, paint));
          open.delete(op.invoke);
        }
      }
      if (progress.newest - aliveAt < aliveEveryMs) return;
      aliveAt = progress.newest;
      say(aliveAt, standing(progress, aliveAt));
    },
  };
}

function beginning(op: Invocation): string[] {
  if (op.f === "start" && op.process === "run/play") {
    const regions = field(op.value, "regions");
    return [
      `seed ${textOf(op.value, "seed")}`,
      `${textOf(field(op.value, "scenario"), "name")}: ${textOf(regions, "lost")} will be lost, ${textOf(regions, "survivor")} survives; ${textOf(op.value, "tier")}, ${listOf(op.value, "deployments").length} deployments`,
    ];
  }
  return op.f === "phase" || op.f === "inject" || op.f === "heal" ? [`${nameOf(op)} …`] : [];
}

function ending(op: Completion, began: Invocation, paint: Paint): string {
  const style = op.type === "ok" ? "green" : op.type === "fail" ? "red" : "yellow";
  const known = ["how", "state", "operation", "experimentId", "detail", "readyAfterMs", "exitCode"]
    .map((name) => field(op.value, name))
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map((value) => `${value}`.replace(/[\p{Cc}\s]+/gu, " "));
  const why = [...(op.error === undefined ? [] : [op.error]), ...known].join("; ");
  return `${nameOf(began)} ${paint(style, op.type)} in ${duration(op.time - began.time)}${why === "" ? "" : ` (${why})`}`;
}

const nameOf = ({ process, f, value }: Invocation): string => {
  const part = textOf(value, "phase") ?? textOf(value, "step");
  return f === "phase" ? `phase ${part}` : [process, f, part].filter(Boolean).join(" ");
};

/** The run in one line. */
function standing({ deployments, tasks, rto, title }: Progress, now: Millis): string {
  const parts = [`${deployments.up} of ${deployments.all} deployments up`];
  if (tasks !== undefined) parts.push(`${count(tasks.alive)} of ${count(tasks.due)} tasks alive`);
  if (rto !== undefined) {
    const ms = (rto.to ?? now) - rto.from;
    parts.push(`${rto.to === undefined ? "outage so far" : "outage"} ${duration(ms)}`);
    if (title.timeScale !== 1) parts.push(`at most ${duration(ms * title.timeScale)} in real time`);
  }
  return parts.join(" · ");
}
