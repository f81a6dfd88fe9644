import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { fisOf } from "../fixtures/lab/aws/fis/testing.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { createObjectStore } from "../fixtures/lab/objects.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { cutReplication } from "./cut-replication.ts";
import { FaultMissed } from "./experiment.ts";

const lost = "us-east-2";
const survivor = "us-west-2";

/**
 * One store of objects, seen from both sides through buckets of their own or through the same one: with one of its own each side never sees
 * what the other wrote, until the cut ends and both names lead to one bucket.
 */
async function stage({ crosses }: { crosses: boolean }) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "cut-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const peer = { region: lost, on: () => undefined, send: () => Promise.reject(new Error("no other region")) };
  const accountId = "000000000000";
  const objects = stack.use(await createObjectStore({ accountId, directory, peer, otherRegions: [] }));
  let cut = false;
  const disrupt = async () => {
    cut = !crosses;
    return async () => {
      cut = false;
    };
  };
  const gateway = { arn: `arn:aws:ec2:${lost}:${accountId}:transit-gateway/tgw-1`, tags: { "gameday:lab": "true" } };
  const fis = fisOf({ actuators: { disruptCrossRegionConnectivity: disrupt }, resources: [gateway] });
  const endpoint = stack.use(await testEndpoint({ fis, s3: objects.s3 }, { region: lost }));
  const s3 = new S3Client({ ...endpoint.client, forcePathStyle: true });
  for (const Bucket of ["shared", "apart"]) await s3.send(new CreateBucketCommand({ Bucket }));
  const rehearsal = rehearse({
    environment: {
      regions: { lost, survivor, controlPlanes: "us-east-1" },
      aws: () => ({ ...endpoint.client, region: lost, endpoint: endpoint.url }),
      names: {
        globalCluster: "",
        databaseCluster: {},
        eksCluster: {},
        hostedZoneId: "",
        imageBucket: {},
        get bucket() {
          return { [lost]: "shared", [survivor]: cut ? "apart" : "shared" };
        },
      },
    },
  });
  const owned = stack.move();
  return { ...rehearsal, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("is confirmed by an object that does not arrive, and undone when it does", async () => {
  await using at = await stage({ crosses: false });
  const fault = await cutReplication().start(at.run);
  expect(at.ended("confirm")[0]).toMatchObject({ type: "ok", value: { observed: { arrived: false } } });
  await fault[Symbol.asyncDispose]();
  expect(at.ended("heal")[0]?.type).toBe("ok");
});

it("is missed when what is written still arrives", async () => {
  await using at = await stage({ crosses: true });
  await expect(cutReplication().start(at.run)).rejects.toBeInstanceOf(FaultMissed);
  expect(at.ended("confirm")[0]).toMatchObject({ type: "fail" });
});
