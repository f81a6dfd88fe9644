import { answers } from "../harness/answers.ts";
import { DidNotHappen } from "../harness/errors.ts";
import type { Fault, FaultPlan, Millis, Run } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type Experiment, minutes, startExperiment } from "./experiment.ts";

export interface LoseRegionOptions {
  /** How long the region stays lost when nobody heals it, in real-world time: FIS ends the experiment then. */
  readonly forAtMostMs?: Millis;
  /** How long the fault may take to show. */
  readonly landsWithinMs?: Millis;
}

/**
 * Loses a whole region through an FIS experiment that runs in the survivor. FIS has no action of its own for that, so the experiment starts
 * an automation document (`Gameday-BlackoutRegion`) which stops the region at transport level.
 */
export function loseRegion({ forAtMostMs = 3_600_000, landsWithinMs = 5_000 }: LoseRegionOptions = {}): Fault {
  const plan: FaultPlan = {
    breaks:
      "every process of the lost region stops answering at transport level: AWS endpoints, Kubernetes, load balancer, database",
    forAtMostMs,
    undoneBy: [
      "StopExperiment at the end of the outage",
      "the end of the experiment's own duration",
      "the lab's supervisor when the harness is gone",
      "gameday heal",
    ],
  };
  return {
    role: "fault",
    name: "lose-region",
    plan,
    start: (run) => startExperiment(run, blackout(run, forAtMostMs, landsWithinMs)),
  };
}

const lookMs = 400;

function blackout(run: Run, forAtMostMs: Millis, landsWithinMs: Millis): Experiment {
  const { lost, survivor } = run.environment.regions;
  const { hostname, port } = new URL(run.environment.aws(lost).endpoint);
  const answersWithin = (ms: Millis) => answers(hostname, Number(port || 443), AbortSignal.timeout(ms));
  const missed = `${lost} still answers ${landsWithinMs} ms after the experiment began to run`;
  return {
    process: "fault/lose-region",
    region: survivor,
    description: `${lost} is lost`,
    value: { region: lost, action: "blackout" },
    actions: {
      "blackout-region": {
        actionId: "aws:ssm:start-automation-execution",
        description: "Stops the region at transport level; FIS has no action for that",
        parameters: {
          documentArn: `arn:aws:ssm:${survivor}:000000000000:document/Gameday-BlackoutRegion`,
          documentParameters: JSON.stringify({ Region: lost }),
          maxDuration: minutes(forAtMostMs),
        },
      },
    },
    missed,
    async confirm() {
      const answered = await until(
        `silence of ${lost}`,
        () => answersWithin(lookMs),
        (answer) => !answer,
        { clock: run.clock, withinMs: landsWithinMs, everyMs: 50, signal: run.signal },
      ).catch((error: unknown) => {
        throw new DidNotHappen(missed, { answered: true }, { cause: error });
      });
      return { how: `a request to ${lost}'s AWS endpoint got no answer within ${lookMs} ms`, observed: { answered } };
    },
    gone: () =>
      until(
        `${lost} to answer again`,
        () => answersWithin(500),
        (answer) => answer,
        { clock: run.clock, withinMs: 30_000, everyMs: 100 },
      ),
  };
}
