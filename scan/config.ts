import { z } from "zod";
import { UsageError } from "../harness/errors.ts";
import { ruleIds } from "./rules/index.ts";

const reason = z.string().trim().min(1, "say why in `reason`");
/** Globs over paths from the configuration's own directory, with slashes: `platform/**`, `deploy/dr*.yaml`. */
const globs = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((one) => [one].flat());

/** What `gameday.scan.json` may say. */
export const scanConfig = z.strictObject({
  $schema: z.string().optional(),
  /** Scanned when the command names nothing. */
  paths: z.array(z.string().min(1)).default(["."]),
  /** Regions whose loss is asked about, when the command names none. */
  regions: z.array(z.string().min(1)).default([]),
  /** Where the failover begins: these files, and the modules that they load, are its path. Without it, everything is. */
  failoverPath: globs.optional(),
  /** Not scanned at all. */
  leaveOut: z.array(z.strictObject({ files: globs, reason })).default([]),
  /** Files made for one region: they may name that region, and belong to the failover path of the others' loss. */
  places: z
    .array(
      z.strictObject({ files: globs.optional(), variant: z.string().min(1).optional(), region: z.string().min(1) }),
    )
    .default([]),
  /** Findings that may stay. */
  allow: z
    .array(
      z.strictObject({
        rule: z.enum(ruleIds).optional(),
        files: globs.optional(),
        /** In the text that was found, or in the word that it stands in. */
        text: z.string().min(1).optional(),
        /** Only where the loss of one of these is asked about. */
        lost: z.array(z.string().min(1)).min(1).optional(),
        reason,
      }),
    )
    .default([]),
});
export type ScanConfig = z.output<typeof scanConfig>;
export type Allowance = ScanConfig["allow"][number];

/** Reads the configuration's text. Throws `UsageError` that names file, key, value and choices. */
export function readConfig(text: string, file: string): ScanConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const checked = scanConfig.safeParse(json);
  if (checked.success) return checked.data;
  const lines = checked.error.issues.map((issue) => {
    const key = issue.path.join(".");
    const value = issue.path.reduce<unknown>((at, one) => Object(at)[one], json);
    const given = value === undefined || typeof value === "object" ? "" : ` (given: ${JSON.stringify(value)})`;
    return `${key === "" ? "the whole" : key}: ${issue.message}${given}`;
  });
  throw new UsageError(`${file}: ${lines.join("; ")}`, {
    hint: `it may have ${Object.keys(scanConfig.shape).join(", ")}; docs/the-static-scan.md says what they mean`,
  });
}
