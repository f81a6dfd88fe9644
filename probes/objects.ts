import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Millis, Probe, Run } from "../harness/types.ts";
import { certainly, listBucket, s3In } from "./buckets.ts";
import { type DepositPlan, deposits, type Item } from "./deposits.ts";

export interface ObjectOptions {
  /** One object in this time. */
  readonly everyMs?: Millis;
  /** After this a put is in doubt. */
  readonly withinMs?: Millis;
  /** Of so many objects one is deleted again, this long after it was put. */
  readonly deleteOneIn?: number;
  readonly deleteAfterMs?: Millis;
}

interface Small extends Item {
  readonly body: Buffer;
}

/** Small numbered objects in the bucket of task logs: put, some of them deleted again, and counted in each region by key and digest. */
export const objects = (options: ObjectOptions = {}): Probe => deposits("objects", (run) => planOf(run, options));

/** So many objects of a reading are read in full, evenly spread. */
const readInFull = 25;

function planOf(
  run: Run,
  { everyMs = 250, withinMs = 2_000, deleteOneIn = 8, deleteAfterMs = 10_000 }: ObjectOptions,
): DepositPlan<Small> {
  const { environment, clock, random } = run;
  const { lost, survivor } = environment.regions;
  const clients = new Map([lost, survivor].map((region) => [region, s3In(environment, region)]));
  const of = (region: string): [S3Client, string] => {
    const [client, bucket] = [clients.get(region), environment.names.bucket[region]];
    if (client === undefined || bucket === undefined) throw new Error(`there is no bucket for objects in ${region}`);
    return [client, bucket];
  };
  // A bucket that has seen other runs holds their objects still.
  const prefix = `gameday/objects/${clock.wallOriginMs.toString(36)}/`;
  /** An ETag is the MD5 of the content, except in a bucket that encrypts with KMS (S3 API Reference, "Object"). */
  let etagsAreDigests = true;
  return {
    everyMs,
    withinMs,
    removal: { oneIn: deleteOneIn, afterMs: deleteAfterMs },
    make: (seq) => {
      const body = Buffer.from(`object ${seq} of the run with seed ${random.seed}\n`);
      const digests = [`md5:${digestOf("md5", body)}`, `sha256:${digestOf("sha256", body)}`];
      return { key: String(seq).padStart(6, "0"), digests, body };
    },
    async put(region, { key, digests, body }, signal) {
      const [client, Bucket] = of(region);
      const put = new PutObjectCommand({ Bucket, Key: prefix + key, Body: body, ContentType: "text/plain" });
      const { ETag } = await client.send(put, { abortSignal: signal }).catch(certainly);
      if (`md5:${ETag?.replaceAll('"', "")}` !== digests[0]) etagsAreDigests = false;
    },
    async remove(region, key, signal) {
      const [client, Bucket] = of(region);
      const remove = new DeleteObjectCommand({ Bucket, Key: prefix + key });
      await client.send(remove, { abortSignal: signal }).catch(certainly);
    },
    async read(region, _, signal) {
      const [client, Bucket] = of(region);
      const listed = await listBucket(client, Bucket, prefix, signal);
      const step = etagsAreDigests ? Math.max(1, Math.floor(listed.length / readInFull)) : 1;
      const items = listed.map(({ key, etag }) => [key.slice(prefix.length), `md5:${etag}`] as const);
      const inFull: (readonly [string, string])[] = [];
      for (const { key } of listed.filter((_, n) => n % step === 0)) {
        const content = await contentOf(client, { Bucket, Key: key }, signal);
        if (content !== undefined) inFull.push([key.slice(prefix.length), `sha256:${digestOf("sha256", content)}`]);
      }
      return { items: etagsAreDigests ? [...items, ...inFull] : inFull, partial: [] };
    },
    stop: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

/** Undefined when it was deleted since it was listed. */
async function contentOf(
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  abortSignal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand(object), { abortSignal });
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const digestOf = (algorithm: "md5" | "sha256", content: Uint8Array): string =>
  createHash(algorithm).update(content).digest("hex");
