import { expect, test } from "vitest";
import { createWorkforce } from "./workforce.ts";

const twoWorkers = () => createWorkforce({ workers: 2, heartbeatEveryMs: 1_000 });

test("all is well when every worker holds a task that was heard lately", () => {
  const workforce = twoWorkers();
  expect(workforce.standing(0)).toContain("0 of 2 workers");
  workforce.took(0, 100);
  expect(workforce.standing(200)).toContain("1 of 2 workers");
  workforce.took(1, 200);
  expect(workforce.standing(200)).toBeUndefined();
  workforce.heard(0, 3_000);
  expect(workforce.standing(3_201)).toContain("1 of 2 workers");
});

test("the moment between two tasks is well too, and a task that was given up is not", () => {
  const workforce = twoWorkers();
  workforce.took(0, 0);
  workforce.took(1, 0);
  workforce.finished(0, 2_900);
  workforce.dropped(1, 2_900);
  expect(workforce.running).toBe(0);
  expect(workforce.standing(3_000)).toContain("1 of 2 workers");
});

test("the sentence ends with the last trouble", () => {
  const workforce = twoWorkers();
  workforce.troubled("dep-01-w1 asked for a task: HTTP 503");
  expect(workforce.standing(0)).toMatch(/last trouble: dep-01-w1 asked for a task: HTTP 503$/);
});

test("alive is the most tasks at one moment since the last look, whatever order they were told in", () => {
  const workforce = twoWorkers();
  workforce.took(0, 500);
  workforce.took(1, 300);
  expect(workforce.mostAliveUntil(1_000)).toBe(2);
  workforce.finished(0, 1_200);
  workforce.took(0, 1_300);
  expect(workforce.mostAliveUntil(2_000)).toBe(2);
  workforce.dropped(0, 2_100);
  expect(workforce.mostAliveUntil(3_000)).toBe(2);
  expect(workforce.mostAliveUntil(4_000)).toBe(1);
});

test("a worker that ends a task it never held changes nothing", () => {
  const workforce = twoWorkers();
  workforce.dropped(0, 100);
  workforce.took(1, 200);
  workforce.took(1, 300);
  expect(workforce.mostAliveUntil(1_000)).toBe(1);
});
