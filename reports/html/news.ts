import { duration } from "../../harness/words.ts";
import { type Child, h, unbroken } from "../markup.ts";
import { gateOf, unfinished } from "../unfinished.ts";
import { lineLinks } from "./evidence.ts";
import type { Reading } from "./reading.ts";

/** What a reader must know before any chart: why nothing was broken, and what the platform did not bring to its end. */
export const news = (reading: Reading): Child => [refusal(reading), leftOpen(reading)];

function refusal({ history }: Reading): Child {
  const gate = gateOf(history);
  if (gate === undefined) return undefined;
  const { reasons, error, tookMs, index } = gate;
  const refused = reasons.length > 0;
  return h(
    "section",
    { id: "gate" },
    h("h2", {}, refused ? "Why nothing was broken" : "Nothing stood in the way"),
    h(
      "p",
      { class: "lead" },
      refused
        ? `The steady-state check refused after ${duration(tookMs)}. It gave its reasons:`
        : `The steady-state check was asked for ${duration(tookMs)} and would have let a region be lost: ${error ?? "it gave no reason to refuse"}.`,
    ),
    refused &&
      h(
        "ul",
        { class: "reasons" },
        reasons.map((reason) => h("li", {}, unbroken(reason))),
      ),
    h("p", { class: "lines" }, "evidence: line ", lineLinks([index])),
  );
}

function leftOpen({ history }: Reading): Child {
  const open = unfinished(history);
  if (open.length === 0) return undefined;
  return h(
    "section",
    { id: "open" },
    h("h2", {}, "What stayed open, and why"),
    h(
      "p",
      { class: "lead" },
      "The platform keeps what it cannot finish open, with its reason, and goes on when the cause is gone.",
    ),
    h(
      "ul",
      { class: "reasons" },
      open.map(({ what, because, index }) =>
        h(
          "li",
          {},
          h("b", {}, what),
          ": ",
          unbroken(because),
          " ",
          h("span", { class: "lines" }, "line ", lineLinks([index])),
        ),
      ),
    ),
  );
}
