import { expect, test } from "vitest";
import { type Edge, edgesOf, type Ground, keyOf } from "./edges.ts";
import { history, regions } from "./testing.ts";

const ground: Ground = {
  regions,
  doorOf: (host) => (host.startsWith("registry.") ? "registry" : undefined),
  canFail: ({ service }) => service !== "organizations",
};
const found = (change: Partial<Ground> = {}) => edgesOf(history(), { ...ground, ...change });

test("edges are where the failover was seen to go, and the control planes that all share", () => {
  const edges = found({ canFail: ({ service }) => ["route53", "iam", "ssm", "registry", "sts"].includes(service) });
  expect(edges.map(keyOf)).toEqual(["iam@us-east-1", "registry@us-east-2", "route53@us-east-1", "ssm@us-east-2"]);
  expect(edges.map(({ how }) => how)).toEqual(["atlas", "seen", "seen", "seen"]);
  const route53 = edges.find(({ service }) => service === "route53");
  expect(route53?.from).toEqual(["platform/aws/records.ts:41", "platform/aws/records.ts:49"]);
  expect(route53?.by).toEqual(["control-plane"]);
});

test("what was attempted before the request, by the harness, or behind a door that nobody knows, is no edge", () => {
  const keys = found({ doorOf: () => undefined }).map(keyOf);
  expect(keys).not.toContain("sts@us-east-2");
  expect(keys.filter((key) => key.startsWith("registry"))).toEqual([]);
});

test("what the environment cannot fail is left out", () => {
  const canFail = ({ service, region }: Edge): boolean => service === "ssm" && region === "us-east-2";
  expect(found({ canFail }).map(keyOf)).toEqual(["ssm@us-east-2"]);
});

test("a run that nobody recorded cannot tell", () => {
  expect(() => edgesOf(history({ isWatched: false }), ground)).toThrow("nobody recorded");
});
