import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../harness/errors.ts";
import { htmlReporter } from "../reports/html.ts";
import { scanFile } from "../reports/scan-sheet.ts";
import { readConfig, type ScanConfig, scanConfig } from "../scan/config.ts";
import { collect } from "../scan/files.ts";
import { regionsIn } from "../scan/regions.ts";
import { type RunSeen, seenIn } from "../scan/run.ts";
import { sarifOf } from "../scan/sarif.ts";
import { scan } from "../scan/scan.ts";
import { writeSheet } from "../scan/sheet.ts";
import { isClean, textOf } from "../scan/text.ts";
import type { Scan } from "../scan/types.ts";
import { judgedAgain } from "./report.ts";

export interface ScanFlags {
  readonly region?: readonly string[];
  readonly config?: string;
  readonly sarif?: string;
  readonly run?: string;
}

const defaultFile = "gameday.scan.json";

/** Looks in files for what points at one region, prints it and gives the exit code: 1 when something is found that is not allowed. */
export async function scanFiles(paths: readonly string[], flags: ScanFlags, root = process.cwd()): Promise<number> {
  const config = await configOf(root, flags.config);
  const run = flags.run === undefined ? undefined : await openRun(resolve(root, flags.run));
  const regions = regionsOf(flags.region?.map(checkedRegion), config, run?.seen);
  const { sources, leftOut } = await collect(root, paths.length === 0 ? config.paths : paths, config);
  const found = scan(sources, { regions, config, leftOut, run: run?.seen });
  await run?.tell(found);
  if (flags.sarif !== undefined)
    await write(resolve(root, flags.sarif), `${JSON.stringify(sarifOf(found), undefined, 2)}\n`);
  console.log(textOf(found));
  return isClean(found) ? 0 : 1;
}

/** What a run saw; its report shows the scan from then on. */
async function openRun(directory: string): Promise<{ seen: RunSeen; tell(found: Scan): Promise<void> }> {
  const { result, history } = await judgedAgain(directory);
  return {
    seen: seenIn(history, result),
    async tell(found) {
      await write(join(directory, scanFile), writeSheet(found));
      await htmlReporter(directory).onEnd?.(result, history);
    },
  };
}

function regionsOf(
  asked: readonly string[] | undefined,
  config: ScanConfig,
  run: RunSeen | undefined,
): readonly string[] {
  if (run === undefined) return asked ?? config.regions.map(checkedRegion);
  if (asked !== undefined && !asked.includes(run.lost))
    throw new UsageError(`--region ${asked.join(", ")}: that run lost ${run.lost}`, {
      hint: "leave --region away, or name that region",
    });
  return asked ?? [run.lost];
}

/** A name that no AWS region could have would make every scan clean. */
function checkedRegion(region: string): string {
  const [found] = regionsIn(region);
  if (found?.region === region) return region;
  throw new UsageError(`"${region}" is not the name of a region`, { hint: "for example us-east-2" });
}

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((cause: Error) => {
    throw new UsageError(`${file} cannot be written: ${cause.message}`, { cause });
  });

async function configOf(root: string, file: string | undefined): Promise<ScanConfig> {
  const path = resolve(root, file ?? defaultFile);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (file === undefined && cause.code === "ENOENT") return undefined;
    throw new UsageError(`the scan's configuration ${path} cannot be read: ${cause.message}`, { cause });
  });
  return text === undefined ? scanConfig.parse({}) : readConfig(text, file ?? defaultFile);
}
