import { ListObjectsV2Command, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { DidNotHappen } from "../harness/errors.ts";
import type { Environment } from "../harness/types.ts";
import { codeOf } from "./http.ts";

/** A client that tries once: whether to try again is for the schedule. */
export const s3In = (environment: Environment, region: string): S3Client =>
  new S3Client({
    ...environment.aws(region),
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });

export interface Listed {
  readonly key: string;
  readonly etag: string;
}

/** All current objects of a bucket below a prefix. */
export async function listBucket(s3: S3Client, bucket: string, prefix: string, signal: AbortSignal): Promise<Listed[]> {
  const found: Listed[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }), {
      abortSignal: signal,
    });
    for (const { Key, ETag } of page.Contents ?? [])
      if (Key !== undefined) found.push({ key: Key, etag: (ETag ?? "").replaceAll('"', "") });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

/** A write that S3 refused, or that never left this machine, is certain; any other failure leaves it open. */
export function certainly(error: unknown): never {
  const refused = error instanceof S3ServiceException && (error.$metadata.httpStatusCode ?? 500) < 500;
  if (refused) throw new DidNotHappen(error.name, undefined, { cause: error });
  const code = codeOf(error);
  if (code === "ECONNREFUSED") throw new DidNotHappen(code, undefined, { cause: error });
  throw new Error(code, { cause: error });
}
