import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reporter } from "../harness/types.ts";
import { page } from "./html/page.ts";
import { scanBeside } from "./scan-sheet.ts";

/** Writes `report.html`, whole or not at all. */
export const htmlReporter = (directory: string): Reporter => ({
  async onEnd(result, history) {
    const file = join(directory, "report.html");
    await writeFile(`${file}.part`, page(result, history, await scanBeside(directory)));
    await rename(`${file}.part`, file);
  },
});
