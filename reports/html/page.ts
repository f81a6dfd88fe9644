import type { History, Result } from "../../harness/types.ts";
import type { Scan } from "../../scan/types.ts";
import { all, type Child, h, type Markup } from "../markup.ts";
import { axisOfSpan, type TimeAxis, timeAxis } from "./axis.ts";
import { banner } from "./banner.ts";
import { chain } from "./charts/chain.ts";
import { overview } from "./charts/overview.ts";
import { hasProtection, protection } from "./charts/protection.ts";
import { replication } from "./charts/replication.ts";
import { slowest } from "./charts/slowest.ts";
import { strips } from "./charts/strips.ts";
import { survival } from "./charts/survival.ts";
import { traffic } from "./charts/traffic.ts";
import { fidelity } from "./claims.ts";
import { dependencies } from "./dependencies.ts";
import { document } from "./document.ts";
import { events } from "./events.ts";
import { evidence, fileName } from "./evidence.ts";
import { type Chart, figure } from "./figure.ts";
import { headlineTable } from "./headline-table.ts";
import { news } from "./news.ts";
import { patterns } from "./patterns.ts";
import { type Reading, readingOf, type Span } from "./reading.ts";
import { scanned } from "./scan.ts";
import { stores } from "./stores.ts";
import { advice, validity } from "./validity.ts";

/** A run as one page that needs nothing but itself: no network, no script, readable from a file for years. */
export function page(result: Result, history: History, scan?: Scan): string {
  const reading = readingOf(result, history, scan);
  const told = all(
    banner(reading),
    headlineTable(reading),
    stores(reading),
    dependencies(reading),
    news(reading),
    timeline(reading),
    validity(reading),
    advice(reading),
    scanned(reading),
    fidelity(reading),
    events(reading),
  );
  const title = `${result.outcome}: ${result.scenario.title} · seed ${result.seed}`;
  return document(title, patterns, h("main", {}, told, evidence(reading, told)), footer(reading));
}

/** A chart and the axis that it is drawn on. */
interface Drawing {
  readonly name: string;
  readonly axis: TimeAxis;
  readonly draw: () => Chart;
}

/** What concerns the whole run on one axis; of several drills, each on its own. */
function drawings(reading: Reading): Drawing[] {
  const axis = timeAxis(reading);
  const { spans, moves, endsAt } = reading;
  const whole = (chart: (reading: Reading, axis: TimeAxis) => Chart): Drawing => ({
    name: chart.name,
    axis,
    draw: () => chart(reading, axis),
  });
  const ofSpan = (span: Span): Drawing[] => {
    const own = spans.length > 1 ? axisOfSpan(span, endsAt) : axis;
    const wasDown = span.recoveries.some(({ stable }) => stable !== undefined);
    return [
      { name: "chain", axis: own, draw: () => chain(reading, span, own) },
      ...(wasDown ? [{ name: "slowest", axis: own, draw: () => slowest(span, own) }] : []),
    ];
  };
  return [
    whole(overview),
    ...(hasProtection(reading) ? [whole(protection)] : []),
    ...(moves ? spans.flatMap(ofSpan) : []),
    ...[strips, traffic, replication, survival].map(whole),
  ];
}

function timeline(reading: Reading): Markup {
  const { spans, moves, faults } = reading;
  return h(
    "section",
    { id: "timeline" },
    h("h2", {}, "What happened"),
    h(
      "p",
      { class: "lead" },
      spans.length > 1
        ? "Charts of the whole run share one axis of time; those of a single drill are drawn larger, on its own. "
        : "All charts share one axis of time. ",
      "The parts of the run are named above each. ",
      faults.length > 0 &&
        "A red line is the moment when something was broken; the ground is shaded while a region was lost. ",
      moves && "A dashed line is the moment from which every deployment was stable.",
    ),
    h(
      "div",
      { class: "timeline", role: "region", "aria-label": "Charts on one axis of time", tabindex: 0 },
      drawings(reading).map((drawing) => attempt(drawing, reading)),
    ),
  );
}

/** A history of which one part cannot be drawn still tells the rest. */
function attempt({ name, axis, draw }: Drawing, reading: Reading): Child {
  try {
    return figure(draw(), axis, reading);
  } catch (error) {
    return h(
      "p",
      { class: "notice" },
      `The chart “${name}” could not be drawn: ${error instanceof Error ? error.message : error}`,
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
