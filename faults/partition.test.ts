import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { AwsError } from "../fixtures/lab/aws/error.ts";
import { fisOf } from "../fixtures/lab/aws/fis/testing.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { createObjectStore } from "../fixtures/lab/objects.ts";
import type { Handlers } from "../fixtures/lab/types.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { FaultMissed } from "./experiment.ts";
import { partition } from "./partition.ts";

const [lost, survivor] = ["us-east-2", "us-west-2"];

/** One bucket behind both regions. What one of them writes is seen in the other, unless nothing crosses from there. */
async function stage({ misses = false }: { misses?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "partition-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const peer = { region: lost, on: () => undefined, send: () => Promise.reject(new Error("no other region")) };
  const accountId = "000000000000";
  const objects = stack.use(await createObjectStore({ accountId, directory, peer, otherRegions: [] }));
  const cuts = new Set<string>();
  const writers = new Map<string, string>();
  const seenFrom = (region: string): Handlers => ({
    ...objects.s3,
    PutObject: (input, call) => {
      writers.set(input.Key, region);
      return objects.s3["PutObject"]?.(input, call);
    },
    HeadObject: (input, call) => {
      const writer = writers.get(input.Key) ?? region;
      if (writer !== region && cuts.has(writer)) throw new AwsError("NotFound", "it did not cross", 404);
      return objects.s3["HeadObject"]?.(input, call);
    },
  });
  const place = async (region: string) => {
    const disrupt = async () => {
      if (!misses) cuts.add(region);
      return async () => void cuts.delete(region);
    };
    const gateway = {
      arn: `arn:aws:ec2:${region}:${accountId}:transit-gateway/tgw-1`,
      tags: { "gameday:lab": "true" },
    };
    const fis = fisOf({ actuators: { disruptCrossRegionConnectivity: disrupt }, resources: [gateway] });
    return stack.use(await testEndpoint({ fis, s3: seenFrom(region) }, { region }));
  };
  const [east, west] = [await place(lost), await place(survivor)];
  const of = (region: string) => (region === lost ? east : west);
  const s3 = new S3Client({ ...of(lost).client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "shared" }));
  const rehearsal = rehearse({
    environment: {
      regions: { lost, survivor, controlPlanes: "us-east-1" },
      aws: (region) => ({ ...of(region).client, region, endpoint: of(region).url }),
      names: {
        globalCluster: "",
        databaseCluster: {},
        eksCluster: {},
        hostedZoneId: "",
        imageBucket: {},
        bucket: { [lost]: "shared", [survivor]: "shared" },
      },
    },
  });
  const owned = stack.move();
  return { ...rehearsal, cuts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
/** Each cut is believed after 2 s in which nothing crossed. */
const twoCuts = { timeout: 15_000 };

const injected = ({ ops }: Pick<Awaited<ReturnType<typeof stage>>, "ops">) =>
  ops.flatMap(({ type, f, value }) => (type === "invoke" && f === "inject" ? [value] : []));

it(
  "cuts both directions, each by an experiment of the region that sends and each confirmed, and heals both",
  twoCuts,
  async () => {
    await using at = await stage();
    const fault = await partition().start(at.run);
    expect([...at.cuts].sort()).toEqual([lost, survivor]);
    expect(injected(at)).toEqual([
      { action: "partition", from: survivor, to: lost },
      { action: "partition", from: lost, to: survivor },
    ]);
    expect(at.ended("confirm").map(({ type }) => type)).toEqual(["ok", "ok"]);
    await fault[Symbol.asyncDispose]();
    expect([...at.cuts]).toEqual([]);
    expect(at.ended("heal").map(({ type }) => type)).toEqual(["ok", "ok"]);
  },
);

it("cuts one direction only when told to", async () => {
  await using at = await stage();
  const fault = await partition({ oneWay: true }).start(at.run);
  expect([...at.cuts]).toEqual([survivor]);
  expect(at.ended("confirm").map(({ type }) => type)).toEqual(["ok"]);
  await fault[Symbol.asyncDispose]();
});

it("is missed when what is written still arrives, and leaves nothing cut", async () => {
  await using at = await stage({ misses: true });
  await expect(partition().start(at.run)).rejects.toBeInstanceOf(FaultMissed);
  expect([at.ended("heal")[0]?.type, at.cuts.size]).toEqual(["ok", 0]);
});
