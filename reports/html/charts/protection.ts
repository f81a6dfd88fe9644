import type { History } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { moment } from "../../format.ts";
import { field, listOf, numberOf, textOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import type { Chart } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { drawnRows, type Stretch } from "./overview.ts";

/** How long the platform could not have stood the loss of a region, by its own word and by what RDS showed. */
export function protection(reading: Reading, axis: TimeAxis): Chart {
  const { history, endsAt } = reading;
  const unprotected = unprotectedIn(reading);
  const claims = stretched(history, endsAt, (value) => textOf(field(value, "claim"), "state"));
  const shown = stretched(history, endsAt, seenInRds);
  const rows = [
    ...(unprotected.length > 0 ? [{ name: "time unprotected", stretches: unprotected }] : []),
    { name: "the platform says", stretches: claims },
    { name: "RDS shows", stretches: shown },
  ];
  const because = reading.verdict("time-unprotected")?.because;
  return {
    id: "protection",
    title: unprotected.length > 0 ? "Time unprotected" : "Protection",
    caption: [
      unprotected.length > 0 && "From the fault until a standby could take over again. ",
      "The platform's own word and what RDS shows where it serves stand apart: only both together count. ",
      because !== undefined && `${because.charAt(0).toUpperCase()}${because.slice(1)}.`,
    ],
    describes: rows
      .map(
        ({ name, stretches }) =>
          `${name}: ${stretches.map(({ says, from }) => `${says} from ${moment(from)}`).join(", ") || "nothing"}`,
      )
      .join("; "),
    height: rows.length * 26 + 8,
    legend: [
      { swatch: "safe", says: "protected, a connected secondary" },
      { swatch: "halfway", says: "on the way there" },
      { swatch: "bare", says: "unprotected" },
      { swatch: "unknown", says: "no answer" },
    ],
    drawing: drawnRows(rows, axis),
    table: {
      head: ["who", "says", "from", "to", "for"],
      numeric: [2, 3, 4],
      rows: rows.flatMap(({ name, stretches }) =>
        stretches.map(({ says, from, to }) => [name, says, moment(from), moment(to), duration(to - from)]),
      ),
    },
  };
}

export const hasProtection = ({ history }: Pick<Reading, "history">): boolean => samplesOf(history).length > 0;

const samplesOf = (history: History) => [...history.pairs("probe/protection", "sample")];

/** As the checker measured it; its end is open where protection never came back. */
function unprotectedIn({ verdict, endsAt }: Reading): Stretch[] {
  const details = verdict("time-unprotected")?.details;
  const from = numberOf(field(details, "from"), "low");
  const low = numberOf(field(details, "until"), "low");
  if (from === undefined || low === undefined) return [];
  const high = numberOf(field(details, "until"), "high");
  const to = high ?? endsAt;
  if (high !== undefined && low <= from) return [];
  const says = high === undefined ? `more than ${duration(to - from)}` : duration(to - from);
  return [{ kind: high === undefined ? "never" : "bare", says, from, to }];
}

const kinds: Readonly<Record<string, string>> = {
  protected: "safe",
  connected: "safe",
  rebuilding: "halfway",
  "pending-resync": "halfway",
  suspended: "bare",
  unprotected: "bare",
  "no secondary": "bare",
};

/** The state of the secondary as RDS tells it where the platform serves. */
function seenInRds(value: unknown): string | undefined {
  const witness = field(value, "witness");
  if (witness === undefined) return undefined;
  const secondaries = listOf(witness, "members").filter((member) => field(member, "writer") !== true);
  return secondaries.length === 0 ? "no secondary" : (textOf(secondaries[0], "state") ?? "not told");
}

/** What was said in sample after sample, as stretches of the same word. */
function stretched(history: History, endsAt: number, sayingOf: (value: unknown) => string | undefined): Stretch[] {
  const samples = samplesOf(history);
  const stretches: Stretch[] = [];
  for (const [n, { invocation, completion }] of samples.entries()) {
    const said = completion?.type === "ok" ? sayingOf(completion.value) : undefined;
    const says = said ?? "no answer";
    const [from, to] = [invocation.time, samples[n + 1]?.invocation.time ?? Math.min(endsAt, invocation.time + 1_000)];
    const last = stretches.at(-1);
    if (last?.says === says) stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ kind: said === undefined ? "unknown" : (kinds[said] ?? "halfway"), says, from, to });
  }
  return stretches;
}
