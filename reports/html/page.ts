import type { History, Result } from "../../harness/types.ts";
import { all, type Child, h, type Markup, trusted } from "../markup.ts";
import { type TimeAxis, timeAxis } from "./axis.ts";
import { banner } from "./banner.ts";
import { chain } from "./charts/chain.ts";
import { replication } from "./charts/replication.ts";
import { slowest } from "./charts/slowest.ts";
import { strips } from "./charts/strips.ts";
import { survival } from "./charts/survival.ts";
import { traffic } from "./charts/traffic.ts";
import { fidelity } from "./claims.ts";
import { eventOps, events } from "./events.ts";
import { evidence, fileName } from "./evidence.ts";
import { type Chart, figure } from "./figure.ts";
import { headlineTable } from "./headline-table.ts";
import { patterns } from "./patterns.ts";
import { type Reading, readingOf } from "./reading.ts";
import { style } from "./style.ts";
import { advice, validity } from "./validity.ts";

/** Nothing may be fetched and nothing may run: the page is its own style sheet and drawings. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A run as one page that needs nothing but itself: no network, no script, readable from a file for years. */
export function page(result: Result, history: History): string {
  const reading = readingOf(result, history);
  const axis = timeAxis(reading);
  const { markup } = h(
    "html",
    { lang: "en" },
    h(
      "head",
      {},
      h("meta", { charset: "utf-8" }),
      h("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("title", {}, `${result.outcome}: ${result.scenario.title} · seed ${result.seed}`),
      h("link", { rel: "icon", href: "data:," }),
      h("style", {}, trusted(style)),
    ),
    h(
      "body",
      {},
      patterns,
      h(
        "main",
        {},
        banner(reading),
        headlineTable(reading),
        timeline(reading, axis),
        validity(reading),
        advice(reading),
        fidelity(reading),
        events(reading),
        evidence(reading, eventOps(reading)),
      ),
      footer(reading),
    ),
  );
  return `<!doctype html>\n${markup}\n`;
}

const charts: readonly ((reading: Reading, axis: TimeAxis) => Chart)[] = [
  chain,
  strips,
  slowest,
  traffic,
  replication,
  survival,
];

function timeline(reading: Reading, axis: TimeAxis): Markup {
  return h(
    "section",
    { id: "timeline" },
    h("h2", {}, "What happened"),
    h(
      "p",
      { class: "lead" },
      "All charts share one axis of time. The fault holds where the ground is shaded; the dashed line is the moment from which every deployment was stable.",
    ),
    h(
      "div",
      { class: "timeline", role: "region", "aria-label": "Charts on one axis of time", tabindex: 0 },
      charts.map((draw) => attempt(draw, reading, axis)),
    ),
  );
}

/** A history of which one part cannot be drawn still tells the rest. */
function attempt(draw: (reading: Reading, axis: TimeAxis) => Chart, reading: Reading, axis: TimeAxis): Child {
  try {
    return figure(draw(reading, axis), axis, reading);
  } catch (error) {
    return h(
      "p",
      { class: "notice" },
      `The chart “${draw.name}” could not be drawn: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function footer({ result }: Reading): Markup {
  const link = (file: string): Markup => h("a", { href: encodeURI(file) }, file);
  return h(
    "footer",
    {},
    h(
      "p",
      {},
      all(
        "Beside this page: ",
        link("run.json"),
        " and ",
        link(fileName(result)),
        `. Seed ${result.seed}. `,
        h("code", {}, "gameday report DIR"),
        " judges the history anew and draws this page again.",
      ),
    ),
  );
}
