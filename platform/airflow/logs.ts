import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Settings } from "./settings.ts";

/** Task logs in the region's bucket, one object per attempt, under Airflow's own key layout. */
export interface Logs {
  write(key: string, text: string): Promise<void>;
  /** undefined when there is no such log. */
  read(key: string): Promise<string | undefined>;
}

const clients = new Map<string, S3Client>();

export function logsOf(settings: Settings): Logs {
  const client = sharedClient(settings);
  const bucket = settings.LOG_BUCKET;
  return {
    async write(key, text) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "text/plain" }));
    },
    async read(key) {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await found.Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}

export interface LogName {
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly try_number: number;
}

export function logKey(deployment: string, name: LogName): string {
  return `${deployment}/dag_id=${name.dag_id}/run_id=${name.run_id}/task_id=${name.task_id}/attempt=${name.try_number}.log`;
}

/** One client, and so one set of connections, for all deployments of a process that write to the same place. */
function sharedClient(settings: Settings): S3Client {
  const key = [settings.AWS_REGION, settings.S3_ENDPOINT, settings.AWS_ACCESS_KEY_ID].join(" ");
  const known = clients.get(key);
  if (known !== undefined) return known;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, S3_ENDPOINT: endpoint } = settings;
  const client = new S3Client({
    region: settings.AWS_REGION,
    maxAttempts: 2,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Without keys in the pod's environment the SDK finds the pod's own role.
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  });
  clients.set(key, client);
  return client;
}
