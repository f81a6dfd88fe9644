import { duration } from "../../harness/words.ts";
import { count, interval } from "../format.ts";
import { field, numberOf } from "../values.ts";
import { type Child, h } from "./markup.ts";

/** The plain figures of a verdict's details, in its own words: counts, quantiles, and numbers by name. */
export function chips(details: unknown): Child {
  const shown = [...numbers(details), ...numbers(field(details, "counts")), ...quantiles(field(details, "quantiles"))];
  return (
    shown.length > 0 &&
    h(
      "ul",
      { class: "chips" },
      shown.map(([name, value]) => h("li", {}, `${name} `, h("b", {}, value))),
    )
  );
}

type Named = readonly [name: string, value: string];

function numbers(of: unknown): Named[] {
  if (typeof of !== "object" || of === null || Array.isArray(of)) return [];
  return Object.entries(of).flatMap(([name, value]): Named[] => {
    if (typeof value !== "number" || !Number.isFinite(value)) return [];
    return [[words(name.replace(/Ms$/, "")), name.endsWith("Ms") ? duration(value) : count(value)]];
  });
}

function quantiles(of: unknown): Named[] {
  if (typeof of !== "object" || of === null) return [];
  return Object.entries(of).flatMap(([name, value]): Named[] => {
    const low = numberOf(value, "low");
    return low === undefined ? [] : [[words(name), interval({ low, high: numberOf(value, "high") ?? null }, "ms")]];
  });
}

/** `runTwiceExplained` as a reader says it. */
const words = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, end: string, begin: string) => `${end} ${begin.toLowerCase()}`);
