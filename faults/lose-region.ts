import {
  CreateExperimentTemplateCommand,
  DeleteExperimentTemplateCommand,
  FisClient,
  GetExperimentCommand,
  StartExperimentCommand,
  StopExperimentCommand,
} from "@aws-sdk/client-fis";
import { answers } from "../harness/answers.ts";
import { DidNotHappen, RollbackFailed } from "../harness/errors.ts";
import type { Fault, FaultPlan, Millis, Run, Started } from "../harness/types.ts";
import { until } from "../harness/until.ts";

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
    async start(run): Promise<Started> {
      const { survivor } = run.environment.regions;
      await using stack = new AsyncDisposableStack();
      const fis = stack.adopt(new FisClient({ ...run.environment.aws(survivor), maxAttempts: 2 }), (client) =>
        client.destroy(),
      );
      // From the moment that an experiment exists it must be undone, also when nobody waits for it to run any more.
      await inject(run, fis, forAtMostMs, (experimentId) => stack.defer(() => heal(run, fis, experimentId)));
      await confirm(run, landsWithinMs);
      const armed = stack.move();
      return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
    },
  };
}

async function inject(
  run: Run,
  fis: FisClient,
  forAtMostMs: Millis,
  onExperiment: (id: string) => void,
): Promise<void> {
  const { lost, survivor } = run.environment.regions;
  const done = await run.record(
    { process: "fault/lose-region", f: "inject", value: { region: lost, action: "blackout" } },
    async () => {
      const created = await fis.send(new CreateExperimentTemplateCommand(template(run, lost, survivor, forAtMostMs)));
      const experimentTemplateId = created.experimentTemplate?.id;
      const started = await fis.send(
        new StartExperimentCommand({ experimentTemplateId, clientToken: `${run.random.seed}-start` }),
      );
      const id = started.experiment?.id ?? "";
      onExperiment(id);
      const running = await until(
        "the FIS experiment to run",
        async () => (await fis.send(new GetExperimentCommand({ id }))).experiment,
        (experiment) =>
          !["pending", "initiating"].includes(experiment?.state?.status ?? "pending") &&
          actionsStarted(experiment?.actions),
        { clock: run.clock, withinMs: 15_000, everyMs: 50, signal: run.signal },
      );
      if (running?.state?.status !== "running") {
        throw new DidNotHappen(`experiment ${id} is ${running?.state?.status}: ${running?.state?.reason}`, {
          experimentId: id,
        });
      }
      await fis.send(new DeleteExperimentTemplateCommand({ id: experimentTemplateId }));
      return {
        experimentId: id,
        actions: Object.fromEntries(
          Object.entries(running.actions ?? {}).map(([name, action]) => [
            name,
            { id: action.actionId, state: action.state?.status },
          ]),
        ),
      };
    },
  );
  run.signal.throwIfAborted();
  if (done.type !== "ok") throw new Error(`the fault was not injected: ${done.error}`);
}

const actionsStarted = (
  actions: Record<string, { state?: { status?: string | undefined } | undefined }> | undefined,
): boolean =>
  Object.values(actions ?? {}).every(
    (action) => !["pending", "initiating"].includes(action.state?.status ?? "pending"),
  );

function template(run: Run, lost: string, survivor: string, forAtMostMs: Millis) {
  const duration = `PT${Math.ceil(forAtMostMs / 60_000)}M`;
  return {
    clientToken: `${run.random.seed}-template`,
    description: `Game day ${run.scenario.name}: ${lost} is lost`,
    roleArn: "arn:aws:iam::000000000000:role/gameday-fis",
    stopConditions: [{ source: "none" }],
    targets: {},
    actions: {
      "blackout-region": {
        actionId: "aws:ssm:start-automation-execution",
        description: "Stops the region at transport level; FIS has no action for that",
        parameters: {
          documentArn: `arn:aws:ssm:${survivor}:000000000000:document/Gameday-BlackoutRegion`,
          documentParameters: JSON.stringify({ Region: lost }),
          maxDuration: duration,
        },
      },
    },
    tags: { "gameday:run": run.random.seed },
  };
}

/** An independent look at the region itself: the command's own success proves nothing. */
async function confirm(run: Run, withinMs: Millis): Promise<void> {
  const { lost } = run.environment.regions;
  const { hostname, port } = new URL(run.environment.aws(lost).endpoint);
  const lookMs = 400;
  const done = await run.record({ process: "fault/lose-region", f: "confirm", value: { region: lost } }, async () => {
    const answered = await until(
      `silence of ${lost}`,
      () => answers(hostname, Number(port || 443), AbortSignal.timeout(lookMs)),
      (answer) => !answer,
      { clock: run.clock, withinMs, everyMs: 50, signal: run.signal },
    ).catch((error: unknown) => {
      throw new DidNotHappen(stillThere(lost, withinMs), { answered: true }, { cause: error });
    });
    return { how: `a request to ${lost}'s AWS endpoint got no answer within ${lookMs} ms`, observed: { answered } };
  });
  run.signal.throwIfAborted();
  if (done.type !== "ok") throw new FaultMissed(`the fault did not land: ${stillThere(lost, withinMs)}`);
}

const stillThere = (region: string, afterMs: Millis): string =>
  `${region} still answers ${afterMs} ms after the experiment began to run`;

/** Nothing was broken, so nothing can be concluded. */
export class FaultMissed extends Error {
  override name = "FaultMissed";
}

async function heal(run: Run, fis: FisClient, id: string): Promise<void> {
  const { lost } = run.environment.regions;
  const { hostname, port } = new URL(run.environment.aws(lost).endpoint);
  const done = await run.record({ process: "fault/lose-region", f: "heal", value: { region: lost } }, async () => {
    // No abort signal here: an interrupted run must heal too.
    const clock = run.clock;
    await fis.send(new StopExperimentCommand({ id })).catch(async (error: unknown) => {
      const { experiment } = await fis.send(new GetExperimentCommand({ id }));
      if (!["stopped", "completed", "failed"].includes(experiment?.state?.status ?? "")) throw error;
    });
    await until(
      `${lost} to answer again`,
      () => answers(hostname, Number(port || 443), AbortSignal.timeout(500)),
      (answer) => answer,
      { clock, withinMs: 30_000, everyMs: 100 },
    );
    return { experimentId: id };
  });
  if (done.type !== "ok")
    throw new RollbackFailed(`the experiment ${id} could not be undone: ${done.error}`, {
      hint: "run `gameday heal`, then look at the region by hand",
    });
}
