import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Drill, Reporter, Result, Verdict } from "../harness/types.ts";
import { type DeploymentOutcome, deploymentsOf, drillsOrWhole } from "./deployments.ts";
import { interval } from "./format.ts";
import { decidingRows, headlines } from "./headline.ts";
import { h, type Markup } from "./markup.ts";

/** Writes `junit.xml`. There is no official format; this is the dialect that CI systems share (github.com/testmoapp/junitxml). */
export const junitReporter = (directory: string): Reporter => ({
  onEnd: (result) => writeFile(join(directory, "junit.xml"), junit(result)),
});

/** One test case for each verdict and each deployment: missed is a failure, a run that cannot be believed an error, not known is skipped. */
export function junit(result: Result): string {
  const { name } = result.scenario;
  const objectives = decidingRows(result).map(({ verdict, metric, drill }) =>
    testCase(`gameday.${name}.${part(drill, "objectives")}`, metric, ifNotPassed(verdict), verdict),
  );
  const validity = headlines(result, "validity").map(({ verdict, metric }) =>
    testCase(`gameday.${name}.validity`, metric, "error", verdict),
  );
  const deployments = drillsOrWhole(result).flatMap((drill) =>
    deploymentsOf(result, drill).map((one) => deployment(one, `gameday.${name}.${part(drill, "deployments")}`)),
  );
  const { markup } = h("testsuites", { name: "gameday", time: result.durationMs / 1_000 }, [
    suite(`${name}: objectives`, objectives, result),
    suite(`${name}: validity`, validity, result),
    // Where nothing was to move, no deployment had to recover.
    deployments.length > 0 && suite(`${name}: deployments`, deployments, result),
  ]);
  // Text is escaped, so this pair of brackets stands between elements only.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup.replaceAll("><", ">\n<")}\n`;
}

const part = (drill: Drill | undefined, name: string): string => (drill === undefined ? name : `${drill.name}.${name}`);

const ifNotPassed = ({ outcome }: Verdict): Case["ended"] => (outcome === "fail" ? "failure" : "skipped");

interface Case {
  readonly markup: Markup;
  readonly ended: "passed" | "failure" | "error" | "skipped";
}

function suite(name: string, cases: readonly Case[], result: Result): Markup {
  const count = (ended: Case["ended"]): number => cases.filter((one) => one.ended === ended).length;
  const properties = {
    outcome: result.outcome,
    seed: result.seed,
    tier: result.tier,
    timeScale: String(result.timeScale),
  };
  return h(
    "testsuite",
    {
      name,
      tests: cases.length,
      failures: count("failure"),
      errors: count("error"),
      skipped: count("skipped"),
      timestamp: result.startedAt,
    },
    h(
      "properties",
      {},
      Object.entries(properties).map(([key, value]) => h("property", { name: `gameday.${key}`, value })),
    ),
    cases.map(({ markup }) => markup),
  );
}

/** A test case that ended in the given way unless its verdict is a pass. */
function testCase(
  classname: string,
  name: string,
  otherwise: Case["ended"],
  { outcome, because }: Pick<Verdict, "outcome" | "because">,
  seconds?: number,
): Case {
  const ended = outcome === "pass" ? "passed" : otherwise;
  const said =
    ended === "passed"
      ? undefined
      : h(ended, { message: because, type: ended === "skipped" ? undefined : outcome }, because);
  return { ended, markup: h("testcase", { classname, name, time: seconds?.toFixed(3) }, said) };
}

function deployment({ name, outcome, rto, lastError }: DeploymentOutcome, classname: string): Case {
  const because =
    rto === undefined
      ? "it was not watched"
      : `from the fault to stable: ${interval(rto, "ms")}${lastError === undefined ? "" : `, last error: ${lastError}`}`;
  const seconds = rto === undefined ? undefined : (rto.high ?? rto.low) / 1_000;
  return testCase(classname, name, outcome === "fail" ? "failure" : "skipped", { outcome, because }, seconds);
}
