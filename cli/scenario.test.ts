import { expect, test } from "vitest";
import { labConfig } from "../fixtures/lab/config.ts";
import { UsageError } from "../harness/errors.ts";
import { loadConfig } from "./config.ts";
import { labOf, scenarioOf } from "./scenario.ts";

const scenarioNamed = async (scenario: string) => {
  const config = await loadConfig({ settings: [["scenario", scenario, "the test"]] }, {});
  return scenarioOf(config).scenario;
};

test("a scenario chooses the regions that it is about, and leaves the others as they are configured", async () => {
  const lab = labConfig.parse({ regions: { survivor: "eu-west-1" } });
  const east = await scenarioNamed("lost-region-is-us-east-1");
  expect(labOf(lab, east).regions).toEqual({ lost: "us-east-1", survivor: "eu-west-1", controlPlanes: "us-east-1" });
  const usual = await scenarioNamed("lose-primary-region");
  expect(labOf(lab, usual)).toEqual(lab);
  expect(labOf(lab, await scenarioNamed("standby-lost")).primary).toBe("survivor");
});

test("a survivor that the scenario loses is refused with the way out", async () => {
  const lab = labConfig.parse({ regions: { survivor: "us-east-1", controlPlanes: "us-east-1" } });
  const east = await scenarioNamed("lost-region-is-us-east-1");
  expect(() => labOf(lab, east)).toThrow(UsageError);
  expect(() => labOf(lab, east)).toThrow("lost-region-is-us-east-1 loses us-east-1, which is lab.regions.survivor too");
});
