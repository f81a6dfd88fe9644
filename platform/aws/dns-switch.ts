import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DnsSwitch } from "../dns-switch.ts";
import { unless } from "./errors.ts";

type Place = Pick<DnsSwitch, "bucket" | "key">;

export async function isSwitchOn(s3: S3Client, { bucket, key }: Place): Promise<boolean> {
  const asked = s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return (await unless(["NotFound", "NoSuchKey"], undefined, asked)) !== undefined;
}

/** Objects are data: no control plane of another region is asked. */
export async function setSwitch(s3: S3Client, { bucket, key }: Place, on: boolean): Promise<void> {
  const object = { Bucket: bucket, Key: key };
  await (on
    ? s3.send(new PutObjectCommand({ ...object, Body: "the second region serves\n", ContentType: "text/plain" }))
    : s3.send(new DeleteObjectCommand(object)));
}
