import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../harness/errors.ts";
import { loadConfig } from "./config.ts";

const directory = mkdtempSync(join(tmpdir(), "gameday-config-"));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const good = file("good.ts", "export default { lab: { deployments: 4, tasks: 40 }, seed: 'file' };");
const flag = (key: string, value: string) => [key, value, "--set"] as const;

/** The message of the error that bad input must end with. */
const refused = (...given: Parameters<typeof loadConfig>): Promise<string> =>
  loadConfig(...given).then(
    () => "accepted",
    (error: unknown) => (error instanceof UsageError ? `${error.exitCode}: ${error.message}` : String(error)),
  );

it("flags win over the environment, and that over the file", async () => {
  const environment = { GAMEDAY_TASKS: "50", GAMEDAY_SEED: "7", GAMEDAY_SET_lab__link__latencyMs: "5" };
  const config = await loadConfig({ file: good, settings: [flag("lab.tasks", "60")] }, environment);
  expect([config.lab.deployments, config.lab.tasks, config.seed, config.lab.link.latencyMs]).toEqual([4, 60, "7", 5]);
});

it("a text stays a text where one is wanted, whatever it looks like", async () => {
  const settings = [flag("seed", "0012"), flag("lab.nodes.cpu", "8"), flag("outDir", "true")];
  const config = await loadConfig({ settings }, {});
  expect([config.seed, config.lab.nodes.cpu, config.outDir]).toEqual(["0012", "8", "true"]);
});

describe("names the source, the key, the value and the choices of", () => {
  it.each([
    ["nonsense", "1", /2: --set: there is no key nonsense; there are .*lab, play/],
    ["lab.deploments", "3", /--set: there is no key lab\.deploments; there are .*lab\.deployments/],
    ["lab.__proto__.deployments", "3", /"lab\.__proto__\.deployments" is not a key/],
    ["", "3", /--set: "" is not a key/],
    ["lab.tasks.many", "3", /--set: lab\.tasks: .*expected number/],
    ["lab", "3", /--set: lab: .*expected object.*given: 3/],
    ["scenario", "lose-all", /--set: scenario: .*"lose-primary-region".*given: "lose-all"/],
    ["play.engine", "foo", /--set: play\.engine: .*"auto"\|"k6"\|"builtin".*given: "foo"/],
    ["lab.deployments", "zero", /--set: lab\.deployments: .*expected number.*given: "zero"/],
    ["lab.deployments", "0", /lab\.deployments: .*>=1.*given: 0/],
    ["lab.deployments", "2.5", /lab\.deployments: .*int.*given: 2\.5/],
    ["lab.link.latencyMs", "-1", /lab\.link\.latencyMs: .*>=0.*given: -1/],
    ["lab.nodes.cpu", "many", /lab\.nodes\.cpu: .*500m.*given: "many"/],
    ["lab.regions.lost", "us-west-2", /lab\.regions: .*two different regions/],
    ["lab.regions.lost", "Ohio", /lab\.regions\.lost: .*us-east-2.*given: "Ohio"/],
    ["lab.plant.nonsense", "true", /there is no key lab\.plant\.nonsense; there are .*promotionNeverEnds.*faultMisses/],
    ["seed", "", /--set: seed: .*given: ""/],
  ])("%s=%s", async (key, value, named) => {
    expect(await refused({ settings: [flag(key, value)] }, {})).toMatch(named);
  });

  it.each([
    [{ GAMEDAY_ENGINE: "foo" }, /2: the environment variable GAMEDAY_ENGINE: play\.engine: .*given: "foo"/],
    [
      { GAMEDAY_SET_lab__nonsense: "1" },
      /GAMEDAY_SET_lab__nonsense: there is no key lab\.nonsense; there are .*lab\.tasks/,
    ],
  ])("the environment %o", async (environment, named) => {
    expect(await refused({ settings: [] }, environment)).toMatch(named);
  });

  it.each([
    ["absent.ts", undefined, /there is no configuration file .*absent\.ts/],
    ["broken.ts", "export default {", /broken\.ts could not be read/],
    ["crashing.ts", "throw new Error('no such secret');", /crashing\.ts could not be read: no such secret/],
    ["empty.ts", "export const config = {};", /empty\.ts has no default export/],
    ["number.ts", "export default 3;", /number\.ts has no default export/],
    ["key.ts", "export default { lab: { deploments: 3 } };", /key\.ts: there is no key lab\.deploments/],
    ["value.ts", "export default { play: { engine: 'foo' } };", /value\.ts: play\.engine: .*"k6".*given: "foo"/],
  ])("the file %s", async (name, text, named) => {
    const path = text === undefined ? join(directory, name) : file(name, text);
    expect(await refused({ file: path, settings: [] }, {})).toMatch(named);
  });

  it("a file that cannot be read", async () => {
    expect(await refused({ file: directory, settings: [] }, {})).toMatch(/could not be read/);
  });
});
