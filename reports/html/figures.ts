import { duration } from "../../harness/words.ts";
import { count, interval } from "../format.ts";
import { type Child, h } from "../markup.ts";
import { field, numberOf } from "../values.ts";

/** What a figure's name in a verdict's details means to a reader. Others are told by their own name. */
const meanings: Readonly<Record<string, string>> = {
  p50: "half of the deployments",
  p95: "95 % of them",
  max: "the slowest",
  writer: "database writer",
  tasks: "tasks served",
  lostBySurvivor: "of these, acknowledged by the survivor",
  never: "refused and absent",
  indeterminatePresent: "in doubt and present",
  indeterminateAbsent: "in doubt and absent",
  resurrected: "refused and present",
  outOfOrder: "kept after an earlier loss",
  unread: "written after the reading",
  foreign: "unknown to the history",
  due: "due",
  lateP99Ms: "late by (p99)",
  hit: "deployments hit",
  well: "well before",
};
/** Worth telling even when there are none. */
const alwaysTold = new Set(["lost", "runTwice", "missing"]);
const hidden = new Set(["until", "all", "share95", "of", "wanted", "missedShare"]);

/** The plain figures of a verdict's details, in a reader's words: numbers by name, counts, and how long parts took. */
export function chips(details: unknown): Child {
  const counts = [...numbers(details), ...numbers(field(details, "counts"))];
  const spans = [...intervals(field(details, "quantiles")), ...intervals(field(details, "platform"))];
  return [list(counts), list(spans, "as measured:")];
}

type Named = readonly [name: string, value: string];

const list = (named: readonly Named[], before?: string): Child =>
  named.length > 0 &&
  h(
    "ul",
    { class: "chips" },
    before !== undefined && h("li", {}, before),
    named.map(([name, value]) => h("li", {}, `${name} `, h("b", {}, value))),
  );

function numbers(of: unknown): Named[] {
  if (typeof of !== "object" || of === null || Array.isArray(of)) return [];
  return Object.entries(of).flatMap(([name, value]): Named[] => {
    if (typeof value !== "number" || !Number.isFinite(value) || hidden.has(name)) return [];
    if (value === 0 && !alwaysTold.has(name)) return [];
    return [[words(name), name.endsWith("Ms") ? duration(value) : count(value)]];
  });
}

function intervals(of: unknown): Named[] {
  if (typeof of !== "object" || of === null) return [];
  return Object.entries(of).flatMap(([name, value]): Named[] => {
    const low = numberOf(value, "low");
    if (low === undefined || hidden.has(name)) return [];
    return [[words(name), interval({ low, high: numberOf(value, "high") ?? null }, "ms")]];
  });
}

/** `runTwiceExplained` as a reader says it. */
const words = (name: string): string =>
  meanings[name] ??
  name
    .replace(/Ms$/, "")
    .replace(/([a-z])([A-Z])/g, (_, end: string, begin: string) => `${end} ${begin.toLowerCase()}`);
