import { afterAll, expect, test, vi } from "vitest";
import { type Settings, smallDaySettings } from "../bench/small-day.ts";
import type { DependencyRow } from "../checkers/dependencies/rows.ts";
import type { Result } from "../harness/types.ts";
import { makePlace, outcomes, playDay } from "./testing.ts";

vi.setConfig({ testTimeout: 240_000 });

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

const day: Settings = { ...smallDaySettings, "play.recoveryDeadlineMs": 25_000, "play.rpoDatabaseWithinMinutes": 2.2 };

const rowsOf = ({ verdicts }: Result): readonly DependencyRow[] => {
  const details = verdicts.find(({ checker }) => checker === "dependencies")?.details as
    | { rows: DependencyRow[] }
    | undefined;
  return details?.rows ?? [];
};

const failed = (result: Result): string[] =>
  Object.entries(outcomes(result)).flatMap(([checker, outcome]) => (outcome === "fail" ? [checker] : []));

/** What was found, with the file and without the line, which moves with the code. */
const found = (result: Result): string[] =>
  rowsOf(result)
    .filter(({ allowed, how }) => allowed === undefined && how !== "possible")
    .map(({ by, what, region, at, heldUp }) => [by, what, region, at?.replace(/:\d+$/, ":"), heldUp.join()].join(" "))
    .toSorted();

test("what a failover asks of the lost region costs it time, and is found with file, line and step", async () => {
  const { exitCode, result } = await playDay(place, {
    ...day,
    // Each of the three look-ups waits for its answer.
    "play.recoveryDeadlineMs": 40_000,
    "lab.plant.parameterInLostRegion": true,
    "lab.plant.secretInLostRegion": true,
    "lab.plant.stackInLostRegion": true,
    "lab.plant.rolesInFailover": true,
  });
  expect(failed(result)).toEqual(["dependencies"]);
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
  expect(found(result)).toEqual([
    "control-plane cloudformation:DescribeStacks us-east-2 platform/aws/stacks.ts: database-compute",
    "control-plane iam:GetRole us-east-1 platform/provision/roles.ts: ",
    "control-plane iam:PutRolePolicy us-east-1 platform/provision/roles.ts: ",
    "control-plane ssm:GetParameter us-east-2 platform/aws/parameters.ts: database-compute",
    "control-plane ssm:GetParameter us-east-2 platform/aws/parameters.ts: database-failover",
  ]);
});

test("images in the lost region's registry keep every deployment away, and the node that wants them is named", async () => {
  const { exitCode, result } = await playDay(place, { ...day, "lab.plant.imagesInLostRegion": true });
  expect(outcomes(result)).toMatchObject({ dependencies: "fail", rto: "fail", "fault-landed": "pass" });
  expect(found(result)).toContainEqual(
    expect.stringMatching(
      /^us-west-2\/ (registry\.us-east-2\.lab\.example|127\.10\.0\.4:5000) us-east-2 fixtures\/lab\/node\/pull\.ts: manifests$/,
    ),
  );
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});
