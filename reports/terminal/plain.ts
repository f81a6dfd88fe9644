import type { Completion, Invocation, Millis, Op } from "../../harness/types.ts";
import { countOf, duration } from "../../harness/words.ts";
import { field, listOf, textOf } from "../values.ts";
import type { Paint, Screen } from "./paint.ts";
import type { Progress } from "./progress.ts";
import { standing } from "./sayings.ts";

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
    const name = textOf(field(op.value, "scenario"), "name");
    const howMany = countOf(listOf(op.value, "deployments").length, "deployment");
    return [
      `seed ${textOf(op.value, "seed")}`,
      `${name}: ${intentOf(op.value)}; ${textOf(op.value, "tier")}, ${howMany}`,
    ];
  }
  return op.f === "phase" || op.f === "drill" || op.f === "inject" || op.f === "heal" ? [`${nameOf(op)} …`] : [];
}

/** What will be moved from where to where; where nothing will be, the regions. */
function intentOf(header: unknown): string {
  const regions = field(header, "regions");
  const drills = listOf(header, "drills").map(
    (one) => `${textOf(one, "name")} from ${textOf(one, "from")} to ${textOf(one, "to")}`,
  );
  return drills.length > 0 ? drills.join(", ") : `${textOf(regions, "lost")} and ${textOf(regions, "survivor")}`;
}

function ending(op: Completion, began: Invocation, paint: Paint): string {
  const style = op.type === "ok" ? "green" : op.type === "fail" ? "red" : "yellow";
  const known = ["how", "state", "operation", "experimentId", "detail", "readyAfterMs", "exitCode"]
    .map((name) => field(op.value, name))
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map((value) => oneLine(`${value}`));
  const reasons = began.f === "gate" ? listOf(op.value, "because").map((reason) => oneLine(`${reason}`)) : [];
  const why = [...(op.error === undefined ? [] : [oneLine(op.error)]), ...known, ...reasons].join("; ");
  return `${nameOf(began)} ${paint(style, op.type)} in ${duration(op.time - began.time)}${why === "" ? "" : ` (${why})`}`;
}

const nameOf = ({ process, f, value }: Invocation): string => {
  const part = textOf(value, "phase") ?? textOf(value, "step") ?? textOf(value, "name");
  const drill = textOf(value, "drill");
  if (f === "drill") return `drill ${part}`;
  return f === "phase"
    ? `phase ${part}${drill === undefined || drill === part ? "" : ` of the ${drill}`}`
    : [process, f, part].filter(Boolean).join(" ");
};

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, " ");
