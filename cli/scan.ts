import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../harness/errors.ts";
import { readConfig, type ScanConfig, scanConfig } from "../scan/config.ts";
import { collect } from "../scan/files.ts";
import { regionsIn } from "../scan/regions.ts";
import { sarifOf } from "../scan/sarif.ts";
import { scan } from "../scan/scan.ts";
import { isOpen, textOf } from "../scan/text.ts";
import type { Scan } from "../scan/types.ts";

export interface ScanFlags {
  readonly region?: readonly string[];
  readonly config?: string;
  readonly sarif?: string;
}

const defaultFile = "gameday.scan.json";

/** Looks in files for what points at one region, prints it and gives the exit code: 1 when something is found that is not allowed. */
export async function scanFiles(paths: readonly string[], flags: ScanFlags, root = process.cwd()): Promise<number> {
  const config = await configOf(root, flags.config);
  const { sources, leftOut } = await collect(root, paths.length === 0 ? config.paths : paths, config);
  const regions = (flags.region ?? config.regions).map(checkedRegion);
  const found = scan(sources, { regions, config, leftOut });
  if (flags.sarif !== undefined) await writeSarif(flags.sarif, found);
  console.log(textOf(found));
  return found.findings.some(isOpen) ? 1 : 0;
}

/** A name that no AWS region could have would make every scan clean. */
function checkedRegion(region: string): string {
  const [found] = regionsIn(region);
  if (found?.region === region) return region;
  throw new UsageError(`"${region}" is not the name of a region`, { hint: "for example us-east-2" });
}

async function writeSarif(file: string, found: Scan): Promise<void> {
  await writeFile(file, `${JSON.stringify(sarifOf(found), undefined, 2)}\n`).catch((cause: Error) => {
    throw new UsageError(`--sarif ${file} cannot be written: ${cause.message}`, { cause });
  });
}

async function configOf(root: string, file: string | undefined): Promise<ScanConfig> {
  const path = resolve(root, file ?? defaultFile);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (file === undefined && cause.code === "ENOENT") return undefined;
    throw new UsageError(`the scan's configuration ${path} cannot be read: ${cause.message}`, { cause });
  });
  return text === undefined ? scanConfig.parse({}) : readConfig(text, file ?? defaultFile);
}
