import { z } from "zod";
import type { Report } from "./source.ts";

/** What is used of a record (CloudTrail User Guide: CloudTrail record contents, version 1.11). */
const record = z.object({
  eventTime: z.iso.datetime(),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: z.string(),
  errorCode: z.string().optional(),
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }).optional(),
  tlsDetails: z.object({ clientProvidedHostHeader: z.string().optional() }).optional(),
  additionalEventData: z
    .object({ RequestDetails: z.object({ awsServingRegion: z.string().optional() }).optional() })
    .nullish(),
});
const file = z.object({ Records: z.array(z.unknown()) });
/** What `LookupEvents` gives. */
const looked = z.object({ CloudTrailEvent: z.string() });

/**
 * Reads one event: a record, a file's text, or an answer of `LookupEvents`. Throws with what is wrong with it. A call that never reached AWS
 * left no event, and the trail of a lost region cannot be read: this corroborates what recorders saw, and replaces none.
 */
export function readCloudTrail(given: unknown): Report {
  const asked = looked.safeParse(given);
  const event = record.parse(asked.success ? JSON.parse(asked.data.CloudTrailEvent) : given);
  const { eventSource, eventName, awsRegion, errorCode, userIdentity, tlsDetails, additionalEventData } = event;
  const host = tlsDetails?.clientProvidedHostHeader;
  // Calls to the global endpoint of STS are logged in us-east-1, whichever region served them.
  const region = additionalEventData?.RequestDetails?.awsServingRegion ?? awsRegion;
  return {
    atMs: Date.parse(event.eventTime),
    seen: {
      by: userIdentity?.arn ?? userIdentity?.invokedBy ?? "unknown",
      via: "cloudtrail",
      service: eventSource.replace(/\.amazonaws\.com(\.cn)?$/, ""),
      // Some names carry the version of the API: `CreateDistribution2020_05_31`.
      operation: eventName.replace(/\d{4}_?\d{2}_?\d{2}(v\d+)?$/, ""),
      signedRegion: region,
      ...(host === undefined ? {} : { host }),
    },
    end: "ok",
    ...(errorCode === undefined ? {} : { error: errorCode }),
  };
}

/** All events of a log file, as a trail delivers it. */
export const readCloudTrailFile = (text: string): readonly Report[] =>
  file.parse(JSON.parse(text)).Records.map(readCloudTrail);
