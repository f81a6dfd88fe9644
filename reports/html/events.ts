import type { Completion, History, Pair } from "../../harness/types.ts";
import { duration } from "../../harness/words.ts";
import { moment } from "../format.ts";
import { type Child, h, type Markup } from "../markup.ts";
import { textOf } from "../values.ts";
import { lineLinks } from "./evidence.ts";
import { table } from "./figure.ts";
import type { Reading } from "./reading.ts";

/** The deeds of the run, the fault, the failover and the load's engine, by time. */
function deeds(history: History): Pair[] {
  const engine = [...history.pairs("load", "start"), ...history.pairs("load", "health")];
  return [...history.pairs("run"), ...history.pairs("fault"), ...history.pairs("failover"), ...engine]
    .sort((a, b) => a.invocation.time - b.invocation.time || a.invocation.index - b.invocation.index)
    .slice(0, 300);
}

export function events({ history, zero: named }: Reading): Markup {
  const zero = named?.at;
  return h(
    "section",
    { id: "events" },
    h("h2", {}, "What was done"),
    h("p", { class: "lead" }, "Everything the run, the fault and the failover did, with its lines in the history."),
    table({
      head: [
        "run time",
        named?.name === "asked" ? "after the request" : "after the fault",
        "took",
        "who",
        "what",
        "outcome",
        "",
        "lines",
      ],
      numeric: [0, 1, 2],
      rows: deeds(history).map(({ invocation, completion }): Child[] => [
        moment(invocation.time),
        zero === undefined || invocation.time < zero ? "" : `+${duration(invocation.time - zero)}`,
        completion === undefined ? "" : duration(completion.time - invocation.time),
        invocation.process,
        [
          invocation.f,
          textOf(invocation.value, "phase") ?? textOf(invocation.value, "step") ?? textOf(invocation.value, "name"),
        ]
          .filter(Boolean)
          .join(" "),
        completion === undefined ? "did not end" : completion.type,
        completion === undefined ? "" : saidOf(completion),
        lineLinks(completion === undefined ? [invocation.index] : [invocation.index, completion.index]),
      ]),
    }),
  );
}

function saidOf({ error, value }: Completion): string {
  const said = ["how", "state", "operation", "experimentId", "detail"].flatMap((name) => textOf(value, name) ?? []);
  return [...(error === undefined ? [] : [error]), ...said].join("; ").slice(0, 300);
}
