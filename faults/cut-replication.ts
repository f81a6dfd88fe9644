import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DidNotHappen } from "../harness/errors.ts";
import type { Fault, Millis, Run, Started } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type Experiment, minutes, startExperiment } from "./experiment.ts";

export interface CutOptions {
  /** Real-world time after which FIS ends it whatever happens. */
  readonly forAtMostMs?: Millis;
}

/**
 * Everything that the primary region sends to the other one stays behind: database log and objects. Both regions go on answering their
 * clients. FIS has this action (`aws:network:transit-gateway-disrupt-cross-region-connectivity`); it runs in the region that falls behind.
 */
export const cutReplication = ({ forAtMostMs = 3_600_000 }: CutOptions = {}): Fault => ({
  role: "fault",
  name: "cut-replication",
  plan: {
    breaks:
      "nothing crosses from the primary region to the other one: the database's standby and the replicas of objects fall behind",
    forAtMostMs,
    undoneBy: ["StopExperiment at the end of the outage", "the end of the experiment's own duration", "gameday heal"],
  },
  async start(run): Promise<Started> {
    const { lost, survivor } = run.environment.regions;
    await using stack = new AsyncDisposableStack();
    const s3 = (region: string): S3Client =>
      stack.adopt(new S3Client({ ...run.environment.aws(region), forcePathStyle: true, maxAttempts: 1 }), (client) =>
        client.destroy(),
      );
    const crossing = watchCrossing(run, s3(lost), s3(survivor));
    stack.use(await startExperiment(run, cut(run, forAtMostMs, crossing)));
    const armed = stack.move();
    return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
  },
});

/** Replicas usually arrive in a fraction of this. */
const staysBehindMs = 2_000;
const arrivesWithinMs = 30_000;

function cut(run: Run, forAtMostMs: Millis, crossing: Crossing): Experiment {
  const { lost, survivor } = run.environment.regions;
  const missed = `what was written in ${lost} still arrived in ${survivor}`;
  return {
    process: "fault/cut-replication",
    region: lost,
    description: `nothing crosses from ${lost} to ${survivor}`,
    value: { action: "cut-replication", from: lost, to: survivor },
    targets: {
      gateways: {
        resourceType: "aws:ec2:transit-gateway",
        selectionMode: "ALL",
        resourceTags: { "gameday:lab": "true" },
      },
    },
    actions: {
      "cut-replication": {
        actionId: "aws:network:transit-gateway-disrupt-cross-region-connectivity",
        parameters: { duration: minutes(forAtMostMs), region: survivor },
        targets: { TransitGateways: "gateways" },
      },
    },
    missed,
    async confirm() {
      await crossing.send();
      if (await crossing.arrives(staysBehindMs)) throw new DidNotHappen(missed, { arrived: true });
      return {
        how: `an object written in ${lost} was not in ${survivor} ${staysBehindMs} ms later`,
        observed: { arrived: false },
      };
    },
    async gone() {
      if (!(await crossing.arrives(arrivesWithinMs)))
        throw new Error(`the object written in ${lost} is not in ${survivor} ${arrivesWithinMs} ms after the end`);
    },
  };
}

/** One object that should cross, and whether it did. */
interface Crossing {
  send(): Promise<void>;
  arrives(withinMs: Millis): Promise<boolean>;
}

function watchCrossing({ environment, clock }: Run, from: S3Client, to: S3Client): Crossing {
  const { names, regions } = environment;
  const Key = `gameday/cut-replication-${clock.now()}`;
  const abortSignal = () => AbortSignal.timeout(2_000);
  return {
    async send() {
      const object = { Bucket: names.bucket[regions.lost] ?? "", Key, Body: "crossing" };
      await from.send(new PutObjectCommand(object), { abortSignal: abortSignal() });
    },
    arrives: (withinMs) =>
      until(
        "the object to cross",
        () =>
          to.send(new HeadObjectCommand({ Bucket: names.bucket[regions.survivor] ?? "", Key }), {
            abortSignal: abortSignal(),
          }),
        () => true,
        { clock, withinMs, everyMs: 100 },
      ).then(
        () => true,
        () => false,
      ),
  };
}
