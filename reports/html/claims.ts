import type { Tier } from "../../harness/types.ts";
import { h, type Markup, unbroken } from "../markup.ts";
import type { Reading } from "./reading.ts";

interface Claims {
  readonly supports: readonly string[];
  readonly cannot: readonly string[];
}

/** What a verdict of each tier can stand for, and what it cannot. */
const claims: Readonly<Record<Tier, Claims>> = {
  lab: {
    supports: [
      "that the failover does its steps in an order that works, and by itself",
      "which acknowledged writes and which tasks were lost, one by one",
      "how long the platform's own part of the recovery takes",
      "that the failover came to its end without one answer from the region that was gone",
    ],
    cannot: [
      "how long AWS takes: those times are inputs here, and the projection rests on them",
      "limits, quotas and queues of real accounts on a day when everybody fails over",
      "behaviour of managed services that the lab only models",
    ],
  },
  localstack: {
    supports: [
      "the failover's logic and order, on API servers that are not ours",
      "data loss, counted against PostgreSQL containers",
    ],
    cannot: [
      "how long AWS takes",
      "loss by Aurora's own replication: the members of a global cluster share one database there",
    ],
  },
  aws: {
    supports: ["the promise itself, in this account, on this day, at this size"],
    cannot: [
      "a real loss of a region: isolation through FIS is narrower than that",
      "another day, another size, another account",
    ],
  },
};

/** What was real, what was modelled, and what a verdict of this tier is worth. */
export function fidelity({ result }: Reading): Markup {
  const { supports, cannot } = claims[result.tier];
  const list = (title: string, entries: readonly string[]): Markup =>
    h(
      "div",
      {},
      h("h3", {}, title),
      entries.length === 0
        ? h("p", { class: "lead" }, "nothing")
        : h(
            "ul",
            {},
            entries.map((entry) => h("li", {}, unbroken(entry))),
          ),
    );
  return h(
    "section",
    { id: "fidelity" },
    h("h2", {}, "What was real, and what this can prove"),
    h(
      "div",
      { class: "columns" },
      list("Real", result.fidelity.real),
      list("Modelled", result.fidelity.modelled),
      list(`A verdict of the tier “${result.tier}” supports`, supports),
      list("It cannot support", cannot),
    ),
  );
}
