import { expect, it } from "vitest";
import { durationMs } from "./schedule.ts";
import { readSettings } from "./settings.ts";

const settings = (change: Record<string, string> = {}) =>
  readSettings({
    DEPLOYMENT: "dep-01",
    DATABASE_URL: "postgres://airflow@localhost/airflow",
    DATABASE_SCHEMA: "dep_01",
    API_TOKEN: "token",
    AWS_REGION: "us-east-2",
    LOG_BUCKET: "logs",
    TASK_DURATION_MIN_MS: "100",
    TASK_DURATION_MAX_MS: "200",
    ...change,
  });
const first = (change?: Record<string, string>) =>
  Array.from({ length: 200 }, (_, run) => durationMs(settings(change), run));

it("draws the same durations for the same seed and deployment, and others for others", () => {
  expect(first()).toEqual(first());
  expect(first()).not.toEqual(first({ SEED: "other" }));
  expect(first()).not.toEqual(first({ DEPLOYMENT: "dep-02" }));
});

it("draws them from all of the range", () => {
  expect(Math.min(...first())).toBeGreaterThanOrEqual(100);
  expect(Math.min(...first())).toBeLessThan(110);
  expect(Math.max(...first())).toBeLessThanOrEqual(200);
  expect(Math.max(...first())).toBeGreaterThan(190);
});

it("refuses a range that is upside down", () => {
  expect(() => settings({ TASK_DURATION_MIN_MS: "300" })).toThrow("TASK_DURATION_MIN_MS must not be above");
});
