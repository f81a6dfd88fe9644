import { DidNotHappen } from "../harness/errors.ts";
import type { Fault, Millis, Run } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type Experiment, minutes, startExperiment } from "./experiment.ts";

export interface StopOptions {
  /** Real-world time after which FIS ends it whatever happens. */
  readonly forAtMostMs?: Millis;
  /** How long the fault may take to show. */
  readonly landsWithinMs?: Millis;
}

/**
 * Kills the platform's control plane, and with it the failover that it runs, as `kill -9` does; healed, it is started again. An automation
 * document (`Gameday-StopControlPlane`) does it: the control plane stands outside the regions, where FIS has no action of its own.
 */
export const stopControlPlane = ({ forAtMostMs = 600_000, landsWithinMs = 5_000 }: StopOptions = {}): Fault => ({
  role: "fault",
  name: "stop-control-plane",
  plan: {
    breaks: "the platform's control plane is killed in the middle of what it does",
    forAtMostMs,
    undoneBy: ["StopExperiment", "the end of the experiment's own duration", "gameday heal"],
  },
  start: (run) => startExperiment(run, stop(run, forAtMostMs, landsWithinMs)),
});

function stop(run: Run, forAtMostMs: Millis, landsWithinMs: Millis): Experiment {
  const { survivor } = run.environment.regions;
  const { url } = run.environment.platform.controlPlane;
  const answers = () =>
    fetch(url, { signal: AbortSignal.timeout(500) }).then(
      () => true,
      () => false,
    );
  const missed = "the control plane still answers";
  const { clock } = run;
  return {
    process: "fault/stop-control-plane",
    region: survivor,
    description: "the control plane is killed",
    value: { action: "stop-control-plane" },
    actions: {
      "stop-control-plane": {
        actionId: "aws:ssm:start-automation-execution",
        parameters: {
          documentArn: `arn:aws:ssm:${survivor}:000000000000:document/Gameday-StopControlPlane`,
          maxDuration: minutes(forAtMostMs),
        },
      },
    },
    missed,
    async confirm() {
      const wait = { clock, withinMs: landsWithinMs, everyMs: 50, signal: run.signal };
      await until("silence of the control plane", answers, (answer) => !answer, wait).catch((cause: unknown) => {
        throw new DidNotHappen(missed, { answered: true }, { cause });
      });
      return { how: "a request to it got no answer", observed: { answered: false } };
    },
    gone: () =>
      until("the control plane to answer again", answers, (answer) => answer, {
        clock,
        withinMs: 30_000,
        everyMs: 100,
      }),
  };
}
