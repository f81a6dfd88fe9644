import { z } from "zod";
import { UsageError } from "../harness/errors.ts";
import type { Scan } from "./types.ts";

const seen = z.object({
  by: z.array(z.string()),
  count: z.int(),
  unanswered: z.int(),
  heldUp: z.array(z.string()),
  evidence: z.array(z.int().nonnegative()),
});

/** What `scan.json` in a run's directory holds: a scan that was compared with the run, for its report. */
const sheet = z.object({
  schema: z.literal("gameday.scan/1"),
  regions: z.array(z.string()),
  findings: z.array(
    z.object({
      rule: z.string(),
      level: z.enum(["error", "warning", "note"]),
      file: z.string(),
      line: z.int(),
      column: z.int(),
      endLine: z.int(),
      endColumn: z.int(),
      text: z.string(),
      message: z.string(),
      region: z.string(),
      inFailoverPath: z.boolean(),
      chain: z.exactOptional(z.array(z.string())),
      subject: z.exactOptional(z.string()),
      host: z.exactOptional(z.string()),
      call: z.exactOptional(z.object({ service: z.string(), operation: z.string() })),
      allowed: z.exactOptional(z.object({ by: z.enum(["comment", "configuration"]), reason: z.string() })),
      seen: z.exactOptional(seen.nullable()),
    }),
  ),
  notices: z.array(z.string()),
  files: z.int(),
  leftOut: z.array(z.object({ reason: z.string(), files: z.int() })),
  run: z.exactOptional(
    z.object({
      lost: z.string(),
      trouble: z.exactOptional(z.string()),
      unexplained: z.array(
        seen.extend({
          what: z.string(),
          region: z.string(),
          because: z.string(),
          frames: z.array(z.string()),
          hosts: z.array(z.string()),
          isPossible: z.boolean(),
          allowed: z.exactOptional(z.string()),
        }),
      ),
    }),
  ),
}) satisfies z.ZodType<Scan>;

export const writeSheet = (scan: Scan): string =>
  `${JSON.stringify({ schema: "gameday.scan/1", ...scan }, undefined, 2)}\n`;

/** Throws `UsageError` that names the file and the field. */
export function readSheet(text: string, file: string): Scan {
  try {
    return sheet.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new UsageError(`${file} is not a scan.json of version gameday.scan/1: ${why}`, {
      hint: "`gameday scan --run DIR` writes it anew",
      cause,
    });
  }
}
