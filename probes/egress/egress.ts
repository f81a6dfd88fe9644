import { readFile } from "node:fs/promises";
import type { AllowedAttempt, EgressDescription } from "../../harness/egress.ts";
import type { Probe, Run, Started } from "../../harness/types.ts";
import { readPlaces } from "./code.ts";
import { dnsLog } from "./dns-log.ts";
import { follow } from "./follow.ts";
import { gather } from "./gather.ts";
import { interestIn } from "./interest.ts";
import { readIpRanges } from "./ip-ranges.ts";
import { knownProcesses } from "./processes.ts";
import { startProxy } from "./proxy.ts";
import type { Source } from "./source.ts";
import { unrecorded } from "./unrecorded.ts";

export interface EgressOptions {
  /** Attempts that are expected, each with its reason; a report prints them. */
  readonly allowed: readonly AllowedAttempt[];
  /** AWS's list of its addresses, for raw ones. */
  readonly ipRangesFile?: string | undefined;
}

const self = "probe/egress" as const;
const lookEveryMs = 500;
/** Recorders write their lines a moment later. */
const lastLinesWithinMs = 600;

/** Writes into the history what the recorders of this environment see, while the run goes on. Where there are none it writes nothing. */
export const egress = (options: EgressOptions): Probe => ({
  role: "probe",
  name: "egress",
  async start(run) {
    const { egress: world, regions } = run.environment;
    if (world === undefined) return { [Symbol.asyncDispose]: async () => undefined };
    const { ipRangesFile, allowed } = options;
    const others = ipRangesFile === undefined ? [] : readIpRanges(await readFile(ipRangesFile, "utf8"));
    const ranges = [...world.ranges, ...others];
    const { actors, names } = world;
    const value = { actors, names, ranges, controlPlanes: regions.controlPlanes, allowed };
    await run.record({ process: self, f: "watch", value }, async () => ({}));
    return watching(run, world, allowed);
  },
});

async function watching(run: Run, world: EgressDescription, allowed: readonly AllowedAttempt[]): Promise<Started> {
  await using stack = new AsyncDisposableStack();
  const { clock } = run;
  if (world.proxy !== undefined) stack.use(await startProxy({ ...world.proxy, directory: world.directory }));
  const lines = stack.use(follow(world.directory));
  const interest = interestIn(run.environment, world, allowed);
  const gathering = gather({ togetherForMs: interest.togetherForMs, tell: run.observe });
  const missed = unrecorded();
  const processes = knownProcesses(clock, readPlaces(world.root), {
    attempt(ended) {
      missed.recorded(ended);
      // What was before the run is no part of it.
      if (ended.ended >= 0) gathering.add(ended);
    },
    beat(by, pid, at, { seen, dropped }) {
      if (at < 0) return;
      const value = { by, pid };
      run.observe({ process: self, f: "beat", value, began: at, ended: at, type: "ok", result: { seen, dropped } });
    },
    rubbish: (file) => {
      const now = clock.now();
      run.observe({
        process: self,
        f: "read",
        value: { file },
        began: now,
        ended: now,
        type: "fail",
        error: "not a line of a recorder",
      });
    },
  });
  const source = world.queryLogUrl === undefined ? undefined : dnsLog(world.queryLogUrl);
  const ask = async (from: Source): Promise<void> => {
    const reports = await from.read(AbortSignal.timeout(lookEveryMs * 4)).catch(() => []);
    for (const report of reports) {
      const at = report.atMs - clock.wallOriginMs;
      if (at >= 0 && interest.isLost(report.seen)) missed.reported(report, at);
    }
  };
  const asking = new Set<Promise<void>>();
  const look = (): void => {
    processes.hear(lines.more());
    for (const one of missed.until(clock.now())) gathering.add(one);
    gathering.tellUntil(clock.now());
    if (source === undefined || asking.size > 0) return;
    const asked = ask(source).finally(() => asking.delete(asked));
    asking.add(asked);
  };
  look();
  const schedule = clock.every(clock.now() + lookEveryMs, lookEveryMs, look);
  const owned = stack.move();
  return {
    async [Symbol.asyncDispose]() {
      await using _last = owned;
      schedule[Symbol.dispose]();
      await clock.sleep(lastLinesWithinMs);
      await Promise.all(asking);
      processes.hear(lines.more());
      processes.end(clock.now());
      for (const one of missed.until(Number.POSITIVE_INFINITY)) gathering.add(one);
      gathering.tellUntil(Number.POSITIVE_INFINITY);
    },
  };
}
