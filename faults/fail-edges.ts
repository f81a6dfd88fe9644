import { DidNotHappen } from "../harness/errors.ts";
import type { Fault, Millis, Run } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type LookAtEdge, lookAtEdges } from "./edge-looks.ts";
import { type Experiment, minutes, startExperiment } from "./experiment.ts";

/** One service in a region, and how it fails while everything else is as it was. What is not said is the lab's own choice. */
export interface FailedEdge {
  /** An AWS service by the name in a signature's scope, or `kubernetes`, `ingress`, `registry`, `dns`. */
  readonly service: string;
  readonly region: string;
  readonly how: "silent" | "slow" | "error" | "throttle" | "unavailable" | "empty";
  /** The share of requests that is hit. */
  readonly share?: number;
  readonly slowMs?: Millis;
}

export interface FailEdgesOptions {
  readonly name: string;
  /** What a reader of the plan is told. */
  readonly breaks: string;
  readonly edges: (run: Run) => readonly FailedEdge[];
  /** What the history is told besides the edges; `region` only where the region is to count as gone. */
  readonly value?: (run: Run) => { readonly region?: string } & Readonly<Record<string, unknown>>;
  /** Real-world time after which FIS ends it whatever happens. */
  readonly forAtMostMs?: Millis;
  /** How long the fault may take to show. */
  readonly landsWithinMs?: Millis;
}

/**
 * Fails single edges through an FIS experiment in the survivor, each alone or a share of its requests. FIS has no action of its own for that: those
 * that make API calls fail know EC2 and Kinesis only (AWS FIS User Guide, actions reference), so the experiment starts an automation document.
 */
export const failEdges = (options: FailEdgesOptions): Fault => ({
  role: "fault",
  name: options.name,
  plan: {
    breaks: options.breaks,
    forAtMostMs: options.forAtMostMs ?? hourMs,
    undoneBy: [
      "StopExperiment at the end of the outage",
      "the end of the experiment's own duration",
      "the lab's supervisor when the harness is gone",
      "gameday heal",
    ],
  },
  async start(run) {
    await using stack = new AsyncDisposableStack();
    const looks = stack.use(await lookAtEdges(run, options.edges(run)));
    await wellBefore(run, looks.all);
    stack.use(await startExperiment(run, experimentOf(run, options, looks.all)));
    const armed = stack.move();
    return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
  },
});

/** What does not answer before it is failed could not be seen to fail. */
async function wellBefore({ clock, signal }: Run, looks: readonly LookAtEdge[]): Promise<void> {
  await Promise.all(
    looks.map(({ edge, look }) =>
      until(`${edge.service} in ${edge.region} to answer before it is failed`, look, (sign) => sign === undefined, {
        clock,
        withinMs: 10_000,
        everyMs: lookEveryMs,
        signal,
      }),
    ),
  );
}

const hourMs = 3_600_000;
const lookEveryMs = 50;
const wellInARow = 5;

function experimentOf(
  run: Run,
  { name, edges, value = () => ({}), forAtMostMs = hourMs, landsWithinMs = 8_000 }: FailEdgesOptions,
  looks: readonly LookAtEdge[],
): Experiment {
  const { survivor } = run.environment.regions;
  const failed = edges(run);
  const named = failed.map(({ service, region, how }) => `${service} in ${region} ${how}`).join(", ");
  const missed = `one of these goes on as before: ${named}`;
  const { clock } = run;
  return {
    process: `fault/${name}`,
    region: survivor,
    description: named,
    value: { action: name, ...value(run), edges: failed },
    actions: {
      [name]: {
        actionId: "aws:ssm:start-automation-execution",
        description: "FIS has no action that fails one service of a region",
        parameters: {
          documentArn: `arn:aws:ssm:${survivor}:000000000000:document/Gameday-FailEdges`,
          documentParameters: JSON.stringify({ Edges: JSON.stringify(failed) }),
          maxDuration: minutes(forAtMostMs),
        },
      },
    },
    missed,
    /** Each edge is looked at until it is seen to fail: of one that fails in part, that may take several looks. */
    async confirm() {
      const seen = await Promise.all(
        looks.map(({ edge, look }) =>
          until(`${edge.service} in ${edge.region} to be ${edge.how}`, look, (sign) => sign !== undefined, {
            clock,
            withinMs: landsWithinMs,
            everyMs: lookEveryMs,
            signal: run.signal,
          }),
        ),
      ).catch((cause: unknown) => {
        throw new DidNotHappen(missed, { failed: false }, { cause });
      });
      return { how: "each was asked from outside until it failed", observed: { signs: [...new Set(seen)] } };
    },
    async gone() {
      for (const { edge, look } of looks) {
        let well = 0;
        const steady = async () => {
          well = (await look()) === undefined ? well + 1 : 0;
          return well;
        };
        await until(`${edge.service} in ${edge.region} to be well again`, steady, (count) => count >= wellInARow, {
          clock,
          withinMs: 30_000,
          everyMs: lookEveryMs,
        });
      }
    },
  };
}
