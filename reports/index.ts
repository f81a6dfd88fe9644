import { join } from "node:path";
import { htmlReporter } from "./html.ts";
import { junitReporter } from "./junit.ts";
import { markdownReporter } from "./markdown.ts";
import { runJsonReporter } from "./run-json.ts";
import { type Several, several } from "./several.ts";
import { type TerminalOptions, terminal } from "./terminal.ts";

export { readRunJson, runJson } from "./run-json.ts";

export interface ReportersOptions extends Omit<TerminalOptions, "report"> {
  /** The run's directory: every file of the report is written there. */
  readonly directory: string;
}

/** Who needs to know of a run: the files first, then the people at the terminal, who are told where the files are. */
export function defaultReporters({ directory, ...screens }: ReportersOptions): Several {
  const complain = screens.progress ?? process.stderr;
  return several(
    [
      { name: "run.json", reporter: runJsonReporter(directory) },
      { name: "report.html", reporter: htmlReporter(directory) },
      { name: "junit.xml", reporter: junitReporter(directory) },
      { name: "summary.md", reporter: markdownReporter(directory) },
      { name: "terminal", reporter: terminal({ ...screens, report: join(directory, "report.html") }) },
    ],
    ({ name, error }) => complain.write(`gameday: the reporter ${name} failed and was left out: ${reasonOf(error)}\n`),
  );
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
