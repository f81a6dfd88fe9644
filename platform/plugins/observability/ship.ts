import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** Log lines on their way to the region's bucket. */
export interface Shipment {
  add(...lines: string[]): void;
  /** Puts what has come together as one object; what could not be put goes with the next. */
  ship(): Promise<void>;
}

const atMost = 50_000;

/** Lines go to `telemetry/<id>/<time>.ndjson`, where the id is the region's own. */
export function shipmentTo(s3: S3Client, bucket: string, telemetryId: string): Shipment {
  let waiting: string[] = [];
  return {
    add(...lines) {
      waiting.push(...lines);
      if (waiting.length > atMost) waiting = waiting.slice(-atMost);
    },
    async ship() {
      if (waiting.length === 0) return;
      const lines = waiting;
      waiting = [];
      const Key = `telemetry/${telemetryId}/${new Date().toISOString().replaceAll(":", "-")}.ndjson`;
      const Body = lines.map((line) => `${line}\n`).join("");
      try {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/x-ndjson" }));
      } catch (error) {
        waiting = [...lines, ...waiting];
        throw error;
      }
    },
  };
}
