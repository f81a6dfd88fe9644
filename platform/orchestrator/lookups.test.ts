import { expect, it } from "vitest";
import { platformConfig } from "../settings.ts";
import { type AwsCall, answeredAws, awsError } from "../testing/aws.ts";
import { lookupsOf } from "./lookups.ts";

const settings = (given: object) => platformConfig.shape.lookups.parse(given);

/** Look-ups of a failover to the west, and the calls that they make. */
function stage(given: object, answer: (call: AwsCall) => unknown) {
  const calls: string[] = [];
  const aws = answeredAws((call) => {
    calls.push(`${call.operation} ${call.region}`);
    return answer(call);
  });
  return { calls, ...lookupsOf(aws, settings(given), "west") };
}

it("looks nothing up unless it is configured to", async () => {
  const { calls, hold, instanceClass, databasePassword } = stage({}, () => ({}));
  expect([await hold(), await instanceClass(), await databasePassword(), calls]).toEqual([
    ...[undefined, undefined, undefined],
    [],
  ]);
});

it("looks up in the region that takes over unless another is named", async () => {
  const given = { hold: { name: "h" }, instanceClass: { name: "s" }, databasePassword: { name: "p", region: "east" } };
  const at = stage(given, ({ operation }) =>
    operation === "DescribeStacks"
      ? { Stacks: [{ Parameters: [{ ParameterKey: "InstanceClass", ParameterValue: "db.r6g.2xlarge" }] }] }
      : { Parameter: { Value: "found" } },
  );
  expect(await at.instanceClass()).toBe("db.r6g.2xlarge");
  expect(await at.databasePassword()).toBe("found");
  expect(await at.hold()).toBe("operators hold it back: h says found");
  expect(at.calls).toEqual(["DescribeStacks west", "GetParameter east", "GetParameter west"]);
});

it("asks again whether it is still held back, and not any more once it may go on", async () => {
  let value = "wait";
  const at = stage({ hold: { name: "h" } }, () => ({ Parameter: { Value: value } }));
  expect(await at.hold()).toContain("says wait");
  value = "go";
  expect([await at.hold(), await at.hold()]).toEqual([undefined, undefined]);
  expect(at.calls).toHaveLength(2);
});

it.each([
  ["no answer", () => Promise.reject(awsError("TimeoutError"))],
  ["no such parameter", () => Promise.reject(awsError("ParameterNotFound"))],
])("goes on after %s, without asking twice", async (_, answer) => {
  const at = stage({ hold: { name: "h" }, databasePassword: { name: "p" } }, answer);
  expect([await at.hold(), await at.hold(), await at.databasePassword()]).toEqual([undefined, undefined, undefined]);
  expect(at.calls).toHaveLength(2);
});
