import {
  CreateExperimentTemplateCommand,
  type CreateExperimentTemplateCommandInput,
  DeleteExperimentTemplateCommand,
  FisClient,
  GetExperimentCommand,
  StartExperimentCommand,
  StopExperimentCommand,
} from "@aws-sdk/client-fis";
import { DidNotHappen, RollbackFailed } from "../harness/errors.ts";
import type { Millis, Run, Started } from "../harness/types.ts";
import { until } from "../harness/until.ts";

/** A fault that is made by an experiment of FIS, and looked at by somebody else. */
export interface Experiment {
  readonly process: `fault/${string}`;
  /** The region whose FIS runs it. It should not be one that the experiment takes away. */
  readonly region: string;
  readonly description: string;
  /** What the history is told of it; `region` is the one that is hurt. */
  readonly value: { readonly region?: string } & Readonly<Record<string, unknown>>;
  readonly targets?: CreateExperimentTemplateCommandInput["targets"];
  readonly actions: NonNullable<CreateExperimentTemplateCommandInput["actions"]>;
  /** An independent look at the effect: the command's own success proves nothing. Gives what was seen, or throws `DidNotHappen`. */
  readonly confirm: () => Promise<object>;
  /** Says what a fault that did not land looks like. */
  readonly missed: string;
  /** Resolves when the effect is gone. It must not listen to the run's signal: an interrupted run heals too. */
  readonly gone: () => Promise<unknown>;
}

/** Nothing was broken, so nothing can be concluded. */
export class FaultMissed extends Error {
  override name = "FaultMissed";
}

/** ISO 8601, as FIS wants it, in whole minutes. */
export const minutes = (ms: Millis): string => `PT${Math.ceil(ms / 60_000)}M`;

/** Runs the experiment and has its effect confirmed. Disposed, it stops the experiment and waits until the effect is gone. */
export async function startExperiment(run: Run, experiment: Experiment): Promise<Started> {
  await using stack = new AsyncDisposableStack();
  const fis = stack.adopt(new FisClient({ ...run.environment.aws(experiment.region), maxAttempts: 2 }), (client) =>
    client.destroy(),
  );
  // From the moment that an experiment exists it must be undone, also when nobody waits for it to run any more.
  await inject(run, fis, experiment, (id) => stack.defer(() => heal(run, fis, experiment, id)));
  await confirm(run, experiment);
  const armed = stack.move();
  return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
}

async function inject(run: Run, fis: FisClient, experiment: Experiment, onExperiment: (id: string) => void) {
  const { process, value, actions, targets = {}, description } = experiment;
  const done = await run.record({ process, f: "inject", value }, async () => {
    const token = `${run.random.seed}-${process}-${run.clock.now()}`;
    const created = await fis.send(
      new CreateExperimentTemplateCommand({
        clientToken: `${token}-template`,
        description: `Game day ${run.scenario.name}: ${description}`,
        roleArn: "arn:aws:iam::000000000000:role/gameday-fis",
        stopConditions: [{ source: "none" }],
        targets,
        actions,
        tags: { "gameday:run": run.random.seed },
      }),
    );
    const experimentTemplateId = created.experimentTemplate?.id;
    const started = await fis.send(new StartExperimentCommand({ experimentTemplateId, clientToken: `${token}-start` }));
    const id = started.experiment?.id ?? "";
    onExperiment(id);
    const running = await until(
      "the FIS experiment to run",
      async () => (await fis.send(new GetExperimentCommand({ id }))).experiment,
      (seen) => !isBeginning(seen) && Object.values(seen?.actions ?? {}).every((action) => !isBeginning(action)),
      { clock: run.clock, withinMs: 15_000, everyMs: 50, signal: run.signal },
    );
    if (running?.state?.status !== "running") {
      throw new DidNotHappen(`experiment ${id} is ${running?.state?.status}: ${running?.state?.reason}`, {
        experimentId: id,
      });
    }
    await fis.send(new DeleteExperimentTemplateCommand({ id: experimentTemplateId }));
    const told = Object.entries(running.actions ?? {}).map(([name, action]) => [
      name,
      { id: action.actionId, state: action.state?.status },
    ]);
    return { experimentId: id, actions: Object.fromEntries(told) };
  });
  run.signal.throwIfAborted();
  if (done.type !== "ok") throw new Error(`the fault was not injected: ${done.error}`);
}

const isBeginning = (one: { state?: { status?: string | undefined } | undefined } | undefined): boolean =>
  ["pending", "initiating"].includes(one?.state?.status ?? "pending");

async function confirm(run: Run, { process, value, missed, confirm: look }: Experiment): Promise<void> {
  const done = await run.record({ process, f: "confirm", value }, look);
  run.signal.throwIfAborted();
  if (done.type !== "ok") throw new FaultMissed(`the fault did not land: ${missed}`);
}

async function heal(run: Run, fis: FisClient, { process, value, gone }: Experiment, id: string): Promise<void> {
  const done = await run.record({ process, f: "heal", value }, async () => {
    await fis.send(new StopExperimentCommand({ id })).catch(async (error: unknown) => {
      const { experiment } = await fis.send(new GetExperimentCommand({ id }));
      if (!["stopped", "completed", "failed"].includes(experiment?.state?.status ?? "")) throw error;
    });
    await gone();
    return { experimentId: id };
  });
  if (done.type !== "ok")
    throw new RollbackFailed(`the experiment ${id} could not be undone: ${done.error}`, {
      hint: "run `gameday heal`, then look at the region by hand",
    });
}
