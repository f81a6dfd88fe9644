import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../harness/errors.ts";
import type { Reporter, Result } from "../harness/types.ts";

const millis = z.number().nonnegative();
const verdict = z.object({
  checker: z.string(),
  drill: z.exactOptional(z.string()),
  outcome: z.enum(["pass", "fail", "unknown"]),
  kind: z.enum(["validity", "objective", "invariant", "advice"]),
  because: z.string(),
  measured: z.exactOptional(
    z.object({
      low: z.number(),
      high: z.number().nullable(),
      limit: z.exactOptional(z.number()),
      unit: z.string(),
    }),
  ),
  evidence: z.array(z.int().nonnegative()),
  details: z.exactOptional(z.unknown()),
});

/** What `run.json` holds, checked at the door: a file of another version is refused, not guessed at. */
export const runJson = z.object({
  schema: z.literal("gameday.run/1"),
  scenario: z.object({ name: z.string(), title: z.string(), promise: z.string() }),
  seed: z.string(),
  tier: z.enum(["lab", "localstack", "aws"]),
  timeScale: z.number().positive(),
  startedAt: z.iso.datetime(),
  durationMs: millis,
  outcome: z.enum(["pass", "fail", "inconclusive", "invalid"]),
  exitCode: z.int(),
  because: z.string(),
  interrupted: z.boolean(),
  regions: z.object({ lost: z.string(), survivor: z.string(), controlPlanes: z.string() }),
  deployments: z.array(z.string()),
  objectives: z.object({
    rtoWithinMs: millis,
    rpoDatabaseWithinMs: millis,
    tasksLostAtMost: z.number(),
    tasksRunTwiceAtMost: z.number(),
    tasksAliveAtLeast: z.number(),
    writesLostAtMost: z.exactOptional(z.number()),
    rpoObjectsWithinMs: z.exactOptional(millis),
    unprotectedWithinMs: z.exactOptional(millis),
    stalledWithinMs: z.exactOptional(millis),
  }),
  drills: z.exactOptional(
    z.array(
      z.object({
        name: z.string(),
        from: z.string(),
        to: z.string(),
        objectives: z.exactOptional(z.record(z.string(), z.number())),
      }),
    ),
  ),
  timing: z.object({
    steadyMs: millis,
    recoveryDeadlineMs: millis,
    stableMs: millis,
    settleMs: millis,
    probeEveryMs: millis,
    probeWithinMs: millis,
    downAfter: z.int(),
    upAfter: z.int(),
    upSpanMs: millis,
  }),
  fidelity: z.object({ real: z.array(z.string()), modelled: z.array(z.string()) }),
  experimentId: z.exactOptional(z.string()),
  loadEngine: z.exactOptional(z.string()),
  verdicts: z.array(verdict),
  history: z.object({ file: z.string(), ops: z.int().nonnegative(), hash: z.exactOptional(z.string()) }),
}) satisfies z.ZodType<Result>;

/** Writes `run.json` whole or not at all, then reads it back: a file that nobody can read is an error now, not in a year. */
export const runJsonReporter = (directory: string): Reporter => ({
  async onEnd(result) {
    const file = join(directory, "run.json");
    await writeFile(`${file}.part`, `${JSON.stringify(result, null, 2)}\n`);
    await rename(`${file}.part`, file);
    await readRunJson(file);
  },
});

/** Reads a `run.json` back; the error names the file and the field that is wrong. */
export async function readRunJson(file: string): Promise<Result> {
  try {
    return runJson.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new UsageError(`${file} is not a run.json of version gameday.run/1: ${why}`, {
      hint: "`gameday report DIR` writes it anew from the history",
      cause,
    });
  }
}
