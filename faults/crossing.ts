import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DidNotHappen } from "../harness/errors.ts";
import type { Millis, Run, Started } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type Experiment, minutes, startExperiment } from "./experiment.ts";

/** What one region sends to another, and what stops it. */
export interface Direction {
  readonly process: Experiment["process"];
  /** What the history calls it. */
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly forAtMostMs: Millis;
}

/** Replicas usually arrive in a fraction of this. */
const staysBehindMs = 2_000;
const arrivesWithinMs = 30_000;

/**
 * Everything that one region sends to the other stays behind, until it is disposed: `aws:network:transit-gateway-disrupt-cross-region-connectivity`,
 * which FIS runs in the region that sends. An object that does not arrive confirms it, and one that does ends it.
 */
export async function cutDirection(run: Run, direction: Direction): Promise<Started> {
  await using stack = new AsyncDisposableStack();
  const s3 = (region: string): S3Client =>
    stack.adopt(new S3Client({ ...run.environment.aws(region), forcePathStyle: true, maxAttempts: 1 }), (client) =>
      client.destroy(),
    );
  const crossing = watchCrossing(run, direction, s3(direction.from), s3(direction.to));
  stack.use(await startExperiment(run, cut(direction, crossing)));
  const armed = stack.move();
  return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
}

function cut({ process, action, from, to, forAtMostMs }: Direction, crossing: Crossing): Experiment {
  const missed = `what was written in ${from} still arrived in ${to}`;
  return {
    process,
    region: from,
    description: `nothing crosses from ${from} to ${to}`,
    value: { action, from, to },
    targets: {
      gateways: {
        resourceType: "aws:ec2:transit-gateway",
        selectionMode: "ALL",
        resourceTags: { "gameday:lab": "true" },
      },
    },
    actions: {
      [action]: {
        actionId: "aws:network:transit-gateway-disrupt-cross-region-connectivity",
        parameters: { duration: minutes(forAtMostMs), region: to },
        targets: { TransitGateways: "gateways" },
      },
    },
    missed,
    async confirm() {
      await crossing.send();
      if (await crossing.arrives(staysBehindMs)) throw new DidNotHappen(missed, { arrived: true });
      return {
        how: `an object written in ${from} was not in ${to} ${staysBehindMs} ms later`,
        observed: { arrived: false },
      };
    },
    async gone() {
      if (!(await crossing.arrives(arrivesWithinMs)))
        throw new Error(`the object written in ${from} is not in ${to} ${arrivesWithinMs} ms after the end`);
    },
  };
}

/** One object that should cross, and whether it did. */
interface Crossing {
  send(): Promise<void>;
  arrives(withinMs: Millis): Promise<boolean>;
}

function watchCrossing(
  { environment, clock }: Run,
  { action, from, to }: Direction,
  near: S3Client,
  far: S3Client,
): Crossing {
  const { names } = environment;
  const Key = `gameday/${action}-${clock.now()}`;
  const abortSignal = () => AbortSignal.timeout(2_000);
  return {
    async send() {
      await near.send(new PutObjectCommand({ Bucket: names.bucket[from] ?? "", Key, Body: "crossing" }), {
        abortSignal: abortSignal(),
      });
    },
    arrives: (withinMs) =>
      until(
        "the object to cross",
        () => far.send(new HeadObjectCommand({ Bucket: names.bucket[to] ?? "", Key }), { abortSignal: abortSignal() }),
        () => true,
        { clock, withinMs, everyMs: 100 },
      ).then(
        () => true,
        () => false,
      ),
  };
}
