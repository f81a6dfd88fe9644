import { expect, test } from "vitest";
import { type Did, did, fail, info, literal, ok } from "../history/literal.ts";
import { heldUp } from "./held-up.ts";
import { bothSampled, day, lostAt10s, sampled, start } from "./literal-day.ts";
import { outageOf } from "./outage.ts";
import { rto } from "./rto.ts";
import type { WaitsOn } from "./vocabulary.ts";

const east = "us-east-1";
const lostEast = { ...day, regions: { lost: east, survivor: "us-west-2", controlPlanes: east } };
const inEast = (dids: readonly Did[]): Did[] =>
  dids.map((one) => (one.process === "fault/lose-region" ? { ...one, value: { region: east } } : one));

const call = (service: string, operation: string, region: string, answered = false): WaitsOn => ({
  service,
  operation,
  region,
  answered,
});
const write = call("route53", "ListResourceRecordSets", east);
const step = (name: string, waitsOn?: WaitsOn, end = info("did not end while it was watched")) =>
  did(
    "failover/control-plane step",
    [14_000, 29_000],
    { step: name },
    {
      ...end,
      value: { detail: "asked again", ...(waitsOn && { waitsOn }) },
    },
  );
const asked = (context: typeof lostEast, ...dids: (Did | Did[])[]) => {
  const history = literal(start, ...dids);
  const outage = outageOf(history, context);
  return outage && heldUp(history, outage, context);
};
const failedEdge = (healedMs: number, service = "route53"): Did[] => [
  did("fault/fail-edges inject", [5_000, 5_100], { edges: [{ service, region: east, how: "silent" }] }, ok({})),
  did("fault/fail-edges heal", [healedMs, healedMs + 100]),
];
const elsewhere = { ...day, regions: { lost: "us-east-2", survivor: "us-west-2", controlPlanes: east } };

test("names a step that waited on a control plane of the region that was lost", () => {
  const found = asked(lostEast, inEast(lostAt10s()), step("manifests", undefined, ok()), step("dns", write));
  expect(found).toMatchObject({
    step: "dns",
    sentence: "the step dns waited on Route 53's control plane in us-east-1, which was lost",
    source: expect.stringContaining("WP"),
  });
  expect(found?.evidence.length).toBeGreaterThan(1);
});

test("names what a step leaned on unseen, and why", () => {
  const compute = step("database-compute", call("rds", "CreateDBInstance", "us-west-2", true));
  expect(asked(lostEast, inEast(lostAt10s()), compute)?.sentence).toBe(
    "the step database-compute waited on Route 53's control plane in us-east-1, which was lost (CreateDBInstance of RDS in us-west-2 needs it: its DNS name is made by Route 53's control plane in us-east-1)",
  );
  const bucket = step("switch", call("s3", "CreateBucket", "us-west-2"));
  expect(asked(lostEast, inEast(lostAt10s()), bucket)?.sentence).toMatch(
    /^the step switch waited on S3's control plane in us-east-1, which was lost \(CreateBucket of S3 in us-west-2 needs it: buckets/,
  );
});

test("names a control plane that a fault had failed alone, while its region was well", () => {
  const out = "the step dns waited on Route 53's control plane in us-east-1, which was out";
  expect(asked(elsewhere, failedEdge(40_000), lostAt10s(), step("dns", write))?.sentence).toBe(out);
  expect(asked(elsewhere, failedEdge(8_000), lostAt10s(), step("dns", write))).toBeUndefined();
  expect(asked(elsewhere, failedEdge(40_000, "iam"), lostAt10s(), step("dns", write))).toBeUndefined();
});

test("says nothing where nobody can say why: all ended, no call was named, or what it waited for was well", () => {
  const east10s = inEast(lostAt10s());
  expect(asked(lostEast, east10s, step("dns", write, ok()))).toBeUndefined();
  expect(asked(lostEast, east10s, step("dns"))).toBeUndefined();
  expect(asked(lostEast, east10s)).toBeUndefined();
  expect(asked(lostEast, east10s, step("dns", call("s3", "HeadObject", "us-west-2")))).toBeUndefined();
  expect(asked(elsewhere, lostAt10s(), step("dns", write))).toBeUndefined();
});

test("is said by the RTO when it is missed, with its evidence, and only then", () => {
  const up10s = "++++++++++";
  const stuck = step("dns", write, fail("stepped down"));
  const failed = rto.check(
    literal(start, inEast(lostAt10s()), bothSampled(`${up10s}--------------------`), stuck),
    lostEast,
  );
  expect(failed).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(
      /^2 of 2 deployments had not recovered .*; the step dns waited on Route 53's control plane in us-east-1, which was lost$/,
    ),
    details: { heldUp: { step: "dns" } },
  });
  const back = [sampled("dep-01", `${up10s}---+++++++++++++++++`), sampled("dep-02", `${up10s}---+++++++++++++++++`)];
  expect(rto.check(literal(start, inEast(lostAt10s()), ...back, stuck), lostEast).because).not.toContain("Route 53");
});
