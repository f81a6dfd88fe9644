import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSheet } from "../scan/sheet.ts";
import type { Scan } from "../scan/types.ts";

/** Beside a run's other files, when its code was scanned. */
export const scanFile = "scan.json";

/** The scan that was compared with the run of this directory, when there is one. Throws `UsageError` when it cannot be read. */
export async function scanBeside(directory: string): Promise<Scan | undefined> {
  const file = join(directory, scanFile);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : readSheet(text, file);
}
