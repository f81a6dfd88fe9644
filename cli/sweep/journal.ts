import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../../harness/errors.ts";
import type { Millis } from "../../harness/types.ts";
import { type Played, played } from "./played.ts";

const edge = z.object({
  service: z.string(),
  region: z.string(),
  how: z.enum(["seen", "atlas"]),
  because: z.string(),
  by: z.array(z.string()).readonly(),
  from: z.array(z.string()).readonly(),
});

/** What a sweep is to do: it stands at the head of its journal, and whoever goes on with it must want the same. */
export const sweepPlan = z.object({
  schema: z.literal("gameday.sweep/1"),
  seed: z.string(),
  regions: z.object({ lost: z.string(), survivor: z.string(), controlPlanes: z.string() }),
  timeScale: z.number().positive(),
  deployments: z.int().positive(),
  how: z.string(),
  /** A failover that has not arrived after this long, in lab ms, breaks. */
  withinMs: z.number().positive(),
  /** Failovers with every edge well, before the others. */
  baselines: z.int().positive(),
  edges: z.array(edge).readonly(),
});
export type SweepPlan = z.infer<typeof sweepPlan>;

const line = z.union([
  z.strictObject({ plan: sweepPlan }),
  z.strictObject({ began: z.string() }),
  z.strictObject({ ended: z.string(), played, wallMs: z.number().nonnegative() }),
]);

/** One play that came to its end, and the time that it took with all that belongs to it. */
export interface Done {
  readonly played: Played;
  readonly wallMs: Millis;
}

/** What a sweep has done so far, on disk line by line: `kill -9` costs the play that was under way, and no other. */
export interface SweepJournal extends Disposable {
  readonly plan: SweepPlan;
  /** By key of an edge, or `baseline-1`. */
  readonly done: ReadonlyMap<string, Done>;
  /** Plays that were begun and never ended: the sweep was killed in them. */
  readonly broken: readonly string[];
  begin(key: string): void;
  end(key: string, what: Done): void;
}

/** Plays in their order: the healthy ones first. */
export const keysOf = ({ baselines, edges }: SweepPlan): string[] => [
  ...Array.from({ length: baselines }, (_, n) => `baseline-${n + 1}`),
  ...edges.map(({ service, region }) => `${service}@${region}`),
];

/** Reads the plan of a journal, to go on with it; undefined when there is none. Throws `UsageError` that names the line. */
export const planIn = (file: string): SweepPlan | undefined => (existsSync(file) ? read(file)?.plan : undefined);

/** Begins a journal, or goes on with one of the same plan. Throws `UsageError` when it is another's, or was altered. */
export function openSweep(file: string, plan: SweepPlan): SweepJournal {
  const before = existsSync(file) ? read(file) : undefined;
  if (before !== undefined && JSON.stringify(before.plan) !== JSON.stringify(sweepPlan.parse(plan)))
    throw new UsageError(`${file} is the journal of a sweep with another plan: ${differences(before.plan, plan)}`, {
      hint: "go on with the settings that it began with, or name another directory",
    });
  const fd = openSync(file, before === undefined ? "w" : "r+");
  // What a crash left of a line is cut off: the next one must not begin in its middle.
  ftruncateSync(fd, before?.bytes ?? 0);
  let at = before?.bytes ?? 0;
  const write = (what: z.infer<typeof line>): void => {
    at += writeSync(fd, `${JSON.stringify(what)}\n`, at);
    fsyncSync(fd);
  };
  if (before === undefined) write({ plan });
  const done = new Map(before?.done ?? []);
  return {
    plan,
    done,
    broken: before?.broken ?? [],
    begin: (key) => write({ began: key }),
    end(key, what) {
      write({ ended: key, ...what });
      done.set(key, what);
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

interface Before {
  readonly plan: SweepPlan;
  readonly done: ReadonlyMap<string, Done>;
  readonly broken: readonly string[];
  /** Of its whole lines. */
  readonly bytes: number;
}

/** Undefined for a journal that was killed before its first line was whole. */
function read(file: string): Before | undefined {
  const whole = readFileSync(file, "utf8").replace(/[^\n]*$/, "");
  if (whole === "") return undefined;
  const lines = whole
    .trimEnd()
    .split("\n")
    .map((text, n) => lineOf(text, `${file}, line ${n + 1}`));
  const [first] = lines;
  if (first === undefined || !("plan" in first)) throw new UsageError(`${file} does not begin with a sweep's plan`);
  const done = new Map<string, Done>();
  const open = new Set<string>();
  for (const one of lines) {
    if ("began" in one) open.add(one.began);
    if (!("ended" in one)) continue;
    const { ended, ...what } = one;
    open.delete(ended);
    done.set(ended, what);
  }
  return { plan: first.plan, done, broken: [...open], bytes: Buffer.byteLength(whole) };
}

function lineOf(text: string, where: string): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new UsageError(`${where} is no line of a sweep's journal: ${why}`, { cause });
  }
}

function differences(one: SweepPlan, other: SweepPlan): string {
  const keys = Object.keys(one) as (keyof SweepPlan)[];
  return keys
    .filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]))
    .map((key) =>
      key === "edges"
        ? `edges: ${keysOf(one).length - one.baselines} there, ${keysOf(other).length - other.baselines} here`
        : `${key}: ${JSON.stringify(one[key])} there, ${JSON.stringify(other[key])} here`,
    )
    .join("; ");
}
