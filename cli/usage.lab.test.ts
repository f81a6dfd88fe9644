import { afterAll, expect, it } from "vitest";
import { makePlace } from "./testing.ts";

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

/** What was typed, and what the answer must name: the key, the value and the choices. */
const mistakes: [args: string, ...named: (string | RegExp)[]][] = [
  ["run nonsense", "scenario", "nonsense", "lose-primary-region"],
  ["nonsense", "nonsense", /\brun\b/, /\bplan\b/, /\bdoctor\b/, /\bheal\b/],
  ["lab down", "down", /\bup\b/],
  ["run --nonsense", "--nonsense", "--deployments", "--set"],
  ["run --set lab.deploments=3", "--set", "lab.deploments", "lab.deployments"],
  ["run --set lab.deployments", "lab.deployments", "key=value"],
  ["run --engine foo", "--engine", "foo", "auto, k6, builtin"],
  ["run --plant nonsense", "--plant", "nonsense", "promotionNeverEnds", "faultMisses"],
  ["run --config /no/such/file.ts", "/no/such/file.ts"],
  ["report /no/such/run", "/no/such/run"],
];

it.concurrent.each(mistakes)(
  "gameday %s: says what is wrong and what could be, and starts nothing",
  async (args, ...named) => {
    const { how, output } = await place.run(args.split(" "));
    expect(how).toBe(2);
    for (const name of named) expect(output).toMatch(typeof name === "string" ? new RegExp(escaped(name)) : name);
    expect([place.labs(), place.runs()]).toEqual([[], []]);
  },
);

it("plans without starting anything, and the same seed plans the same twice", async () => {
  const args = ["plan", "--json", "--seed", "7", "--set", "lab.nodes.cpu=8"];
  const [first, second, another] = await Promise.all([
    place.run(args),
    place.run(args),
    place.run(["plan", "--json", "--seed", "8"]),
  ]);
  expect([first.how, second.output]).toEqual([0, first.output]);
  expect(JSON.parse(first.output)).toMatchObject({ seed: "7", scenario: "lose-primary-region" });
  expect(JSON.parse(another.output).modelledDelaysMs).not.toEqual(JSON.parse(first.output).modelledDelaysMs);
  expect([place.labs(), place.runs()]).toEqual([[], []]);
});

it("heals nothing where there is nothing", async () => {
  const { how, output } = await place.run(["heal", "nosuch"]);
  expect([how, output]).toEqual([0, "nothing to heal: there is no lab nosuch on this machine\n"]);
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
