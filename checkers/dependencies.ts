import type { Checker, Outcome, Verdict } from "../harness/types.ts";
import { countOf, some } from "../harness/words.ts";
import { heard } from "./dependencies/heard.ts";
import { type DependencyRow, rowsOf } from "./dependencies/rows.ts";
import { outageOf } from "./outage.ts";
import { egressWatches } from "./vocabulary.ts";

/**
 * What still reached for the lost region, from which line, and whether the failover had to wait for it. Global services count at the region of
 * their control plane: while one region is lost, only the survivor's own APIs may be needed, and what the allow-list names.
 */
export const dependencies: Checker = {
  name: "dependencies",
  kind: "objective",
  check(history, context) {
    const { lost, survivor } = context.regions;
    const outage = outageOf(history, context);
    if (outage === undefined || outage.planned)
      return said("unknown", "no region was lost, so nothing could depend on it", []);
    if (!outage.confirmed)
      return said("unknown", "the fault was never confirmed, so its time is not known", outage.evidence);
    const [watch] = egressWatches(history);
    if (watch?.invocation.value === undefined)
      return said("unknown", "nobody recorded what was attempted", outage.evidence);
    const { value } = watch.invocation;
    const ears = heard(history, value, outage, lost);
    const rows = rowsOf(history, value, outage, context);
    const findings = rows.filter(isFinding);
    const outcome: Outcome = findings.length > 0 ? "fail" : ears.trouble === undefined ? "pass" : "unknown";
    const hard = findings.filter(({ heldUp }) => heldUp.length > 0);
    const allowed = rows.filter((row) => row.allowed !== undefined);
    const because =
      findings.length > 0
        ? `${countOf(findings.length, "dependency", "dependencies")} outside ${survivor} and not allowed, ${hard.length} of them held the failover up: ${some(findings.map(inWords))}`
        : (ears.trouble ??
          `${countOf(value.actors.length, "recorder")} heard; nothing reached for ${lost}, or for another region, but what is allowed (${countOf(allowed.length, "line")})`);
    return {
      ...said(outcome, because, [
        ...outage.evidence,
        ...ears.evidence,
        ...findings.flatMap(({ evidence }) => evidence.slice(0, 6)),
      ]),
      measured: {
        low: findings.length,
        high: ears.trouble === undefined ? findings.length : null,
        limit: 0,
        unit: "dependencies",
      },
      details: {
        rows: rows.slice(0, rowsAtMost).map((row) => ({ ...row, evidence: row.evidence.slice(0, 12) })),
        left: Math.max(0, rows.length - rowsAtMost),
        allowed: value.allowed,
        recorders: ears.recorders,
      },
    };
  },
};

const rowsAtMost = 300;

const said = (outcome: Outcome, because: string, evidence: readonly number[]): Verdict => ({
  checker: "dependencies",
  kind: "objective",
  outcome,
  because,
  evidence,
});

/** What the atlas holds for possible, nobody has seen; what is hidden counts where it hides. */
const isFinding = ({ allowed, how, isLost }: DependencyRow): boolean =>
  allowed === undefined && how !== "possible" && (isLost || how !== "hidden");

function inWords({ by, what, region, at, heldUp, count }: DependencyRow): string {
  const held = heldUp.length === 0 ? "" : `, held up ${heldUp.join(" and ")}`;
  return `${by} tried ${what} in ${region} from ${at ?? "a line that could not be seen"} (${countOf(count, "time")}${held})`;
}
