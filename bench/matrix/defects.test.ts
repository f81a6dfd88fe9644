import { expect, test } from "vitest";
import { labConfig } from "../../fixtures/lab/config.ts";
import { checkersOf } from "../../scenarios/index.ts";
import { clean, defects } from "./defects.ts";

test("every defect that can be planted stands in the matrix, once", () => {
  const known = Object.keys(labConfig.parse({}).plant);
  expect(defects.map(({ plant }) => plant).toSorted()).toEqual(known.toSorted());
});

test("what must find a defect is asked in its scenario", () => {
  for (const { scenario, found, open = [] } of [...defects, ...clean]) {
    const asked = checkersOf(scenario).map(({ name }) => name);
    if (found !== "environment") expect(asked).toEqual(expect.arrayContaining([...found]));
    expect(asked).toEqual(expect.arrayContaining([...open]));
  }
});
