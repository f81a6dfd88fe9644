import { describe, expect, it } from "vitest";
import { readCloudTrail, readCloudTrailFile } from "./cloudtrail.ts";
import { readIpRanges } from "./ip-ranges.ts";
import { readResolverQuery } from "./resolver-log.ts";

/** In the documented form of version 1.11 (CloudTrail User Guide: CloudTrail record contents). */
const assumed = {
  eventVersion: "1.11",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROAEXAMPLE:gameday-7",
    arn: "arn:aws:sts::111122223333:assumed-role/orchestrator/gameday-7",
    accountId: "111122223333",
    accessKeyId: "ASIAEXAMPLE",
    sessionContext: { attributes: { creationDate: "2026-11-20T10:00:00Z", mfaAuthenticated: "false" } },
  },
  eventTime: "2026-11-20T10:14:02Z",
  eventSource: "route53.amazonaws.com",
  eventName: "ChangeResourceRecordSets",
  awsRegion: "us-east-1",
  sourceIPAddress: "203.0.113.7",
  userAgent: "aws-sdk-js/3.1169.0 gameday/7",
  requestParameters: { hostedZoneId: "Z0123456789" },
  responseElements: { changeInfo: { id: "/change/C1", status: "PENDING" } },
  requestID: "b1b2",
  eventID: "c1c2",
  readOnly: false,
  eventType: "AwsApiCall",
  apiVersion: "2013-04-01",
  managementEvent: true,
  recipientAccountId: "111122223333",
  eventCategory: "Management",
  tlsDetails: {
    tlsVersion: "TLSv1.3",
    cipherSuite: "TLS_AES_128_GCM_SHA256",
    clientProvidedHostHeader: "route53.amazonaws.com",
  },
};

describe("CloudTrail", () => {
  it("tells who called what, where, and by which host", () => {
    expect(readCloudTrail(assumed)).toEqual({
      atMs: Date.UTC(2026, 10, 20, 10, 14, 2),
      seen: {
        by: "arn:aws:sts::111122223333:assumed-role/orchestrator/gameday-7",
        via: "cloudtrail",
        service: "route53",
        operation: "ChangeResourceRecordSets",
        signedRegion: "us-east-1",
        host: "route53.amazonaws.com",
      },
      end: "ok",
    });
  });

  it("reads what LookupEvents gives, and a trail's file", () => {
    const looked = { EventId: "c1c2", EventName: assumed.eventName, CloudTrailEvent: JSON.stringify(assumed) };
    expect(readCloudTrail(looked)).toEqual(readCloudTrail(assumed));
    expect(readCloudTrailFile(JSON.stringify({ Records: [assumed, assumed] }))).toHaveLength(2);
  });

  it("takes the region that served a call to the global endpoint of STS, the error, and a name without its version", () => {
    const sts = {
      ...assumed,
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRole",
      errorCode: "AccessDenied",
      additionalEventData: { RequestDetails: { endpointType: "global", awsServingRegion: "eu-west-1" } },
    };
    expect(readCloudTrail(sts)).toMatchObject({
      seen: { service: "sts", signedRegion: "eu-west-1" },
      error: "AccessDenied",
    });
    const lambda = { ...assumed, eventSource: "lambda.amazonaws.com", eventName: "UpdateFunctionCode20150331v2" };
    expect(readCloudTrail(lambda)).toMatchObject({ seen: { service: "lambda", operation: "UpdateFunctionCode" } });
    const service = {
      ...assumed,
      userIdentity: { type: "AWSService", invokedBy: "rds.amazonaws.com" },
      tlsDetails: undefined,
    };
    expect(readCloudTrail(service).seen).toMatchObject({ by: "rds.amazonaws.com" });
  });

  it.each([{}, { ...assumed, eventTime: "yesterday" }, { CloudTrailEvent: "no JSON" }])(
    "says what is wrong with %o",
    (event) => expect(() => readCloudTrail(event)).toThrow(),
  );
});

describe("Resolver query logs", () => {
  /** In the documented form (Route 53 Developer Guide: values that appear in Resolver query logs). */
  const query = {
    version: "1.100000",
    account_id: "111122223333",
    region: "us-west-2",
    vpc_id: "vpc-7example",
    query_timestamp: "2026-11-20T10:14:02Z",
    query_name: "RDS.us-east-2.amazonaws.com.",
    query_type: "A",
    query_class: "IN",
    rcode: "NOERROR",
    answers: [
      { Rdata: "x.amazonaws.com.", Type: "CNAME", Class: "IN" },
      { Rdata: "192.0.2.8", Type: "A", Class: "IN" },
    ],
    srcaddr: "10.1.2.3",
    srcport: "51234",
    transport: "UDP",
    srcids: { instance: "i-0d15cd0d3example" },
  };

  it("tells who looked which name up, and what it led to", () => {
    expect(readResolverQuery(JSON.stringify(query))).toEqual({
      atMs: Date.UTC(2026, 10, 20, 10, 14, 2),
      seen: {
        by: "i-0d15cd0d3example",
        via: "resolver-log",
        host: "rds.us-east-2.amazonaws.com",
        address: "192.0.2.8",
      },
      end: "ok",
    });
  });

  it("tells that there was no answer, and by the address who asked when nothing else is known", () => {
    const failed = { ...query, rcode: "NXDOMAIN", answers: undefined, srcids: undefined };
    expect(readResolverQuery(JSON.stringify(failed))).toMatchObject({
      seen: { by: "10.1.2.3" },
      end: "fail",
      error: "NXDOMAIN",
    });
  });

  it("says what is wrong with a line", () =>
    expect(() => readResolverQuery('{"rcode":"NOERROR"}')).toThrow("query_name"));
});

describe("ip-ranges.json", () => {
  it("gives each range once, and no region of those at the edge", () => {
    const list = {
      syncToken: "1795000000",
      createDate: "2026-11-18-00-00-00",
      prefixes: [
        {
          ip_prefix: "3.5.140.0/22",
          region: "ap-northeast-2",
          service: "AMAZON",
          network_border_group: "ap-northeast-2",
        },
        { ip_prefix: "3.5.140.0/22", region: "ap-northeast-2", service: "S3", network_border_group: "ap-northeast-2" },
        { ip_prefix: "15.230.0.0/24", region: "GLOBAL", service: "AMAZON", network_border_group: "GLOBAL" },
      ],
      ipv6_prefixes: [
        { ipv6_prefix: "2600:1f18::/33", region: "us-east-1", service: "AMAZON", network_border_group: "us-east-1" },
      ],
    };
    expect(readIpRanges(JSON.stringify(list))).toEqual([
      ["3.5.140.0/22", "ap-northeast-2"],
      ["2600:1f18::/33", "us-east-1"],
    ]);
  });

  it("says what is wrong with the list", () => expect(() => readIpRanges("{}")).toThrow("prefixes"));
});
