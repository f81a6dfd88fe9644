import type { Verdict } from "../../harness/types.ts";
import { drillOf } from "../drills.ts";
import { count } from "../format.ts";
import { type Child, h } from "../markup.ts";
import { field, numberOf } from "../values.ts";
import { table } from "./figure.ts";
import type { Reading } from "./reading.ts";

/** Where things are written, and the verdict that counts them. */
const kinds = [
  { name: "database", checker: "rpo-database" },
  { name: "objects", checker: "rpo-objects" },
  { name: "images", checker: "rpo-images" },
] as const;

/** What became of it, and the counts of a verdict that say so. A store that knows no such thing has a dash. */
const fates: readonly { readonly says: string; readonly of: readonly string[] }[] = [
  { says: "kept", of: ["kept"] },
  { says: "lost", of: ["lost"] },
  { says: "of these, came late", of: ["late"] },
  { says: "in doubt", of: ["indeterminate", "indeterminatePresent", "indeterminateAbsent"] },
  { says: "back after removal", of: ["resurrected"] },
  { says: "another content", of: ["corrupt"] },
];

/** Database, objects and images beside each other: what became of everything that was acknowledged. */
export function stores({ result, spans, verdict }: Reading): Child {
  const rows = (spans.length === 0 ? [undefined] : spans.map(({ drill }) => drill)).flatMap((drill) =>
    kinds.flatMap(({ name, checker }): Child[][] => {
      const counts = field(verdict(checker, drill?.name)?.details, "counts");
      return counts === undefined
        ? []
        : [[drill?.name ?? "", name, ...fates.map(({ of }) => cell(sumOf(counts, checker, of)))]];
    }),
  );
  // The database alone is told by its own row of the objectives.
  if (!result.verdicts.some((one) => isGoods(one) && field(one.details, "counts") !== undefined)) return undefined;
  const hasDrills = result.verdicts.some((one) => drillOf(one, result) !== undefined);
  const head = ["drill", "store", ...fates.map(({ says }) => says)];
  const from = hasDrills ? 0 : 1;
  return h(
    "section",
    { id: "stores" },
    h("h2", {}, "What became of everything that was written"),
    h(
      "p",
      { class: "lead" },
      "Counted one by one, by key and content, in the region that took over when its stock was taken; what arrived there later is late. A dash: this store knows no such fate.",
    ),
    table({
      head: head.slice(from),
      rows: rows.map((row) => row.slice(from)),
      numeric: fates.map((_, n) => n + 2 - from),
    }),
  );
}

const isGoods = ({ checker }: Verdict): boolean => /rpo-(objects|images)$/.test(checker);

function sumOf(counts: unknown, checker: string, of: readonly string[]): number | undefined {
  // A marker cannot be removed: that word means another thing in the ledger.
  if (checker === "rpo-database" && of.includes("resurrected")) return undefined;
  const known = of.flatMap((name) => numberOf(counts, name) ?? []);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
}

const cell = (value: number | undefined): Child =>
  value === undefined ? h("span", { class: "quiet" }, "–") : value === 0 ? "0" : h("b", {}, count(value));
