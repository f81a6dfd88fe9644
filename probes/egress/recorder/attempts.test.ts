import { expect, it } from "vitest";
import { createAttempts } from "./attempts.ts";
import type { Line } from "./lines.ts";

function recording(options?: Parameters<typeof createAttempts>[1]) {
  const lines: Line[] = [];
  const attempts = createAttempts((line) => lines.push(line), options);
  return { lines, attempts, told: () => lines.filter((line) => !("stack" in line)) };
}

it("tells the first few alike of a second, and counts the rest with the longest time", () => {
  const { attempts, told } = recording();
  for (let n = 0; n < 100; n++) attempts.begin("socket", { host: "db", port: 5432 })?.end("ok");
  attempts.begin("socket", { host: "other", port: 5432 })?.end("ok");
  expect(told()).toHaveLength(6);
  attempts.tell();
  expect(told()).toHaveLength(7);
  expect(told().at(-1)).toMatchObject({ host: "db", count: 95 });
  attempts.tell();
  expect(told()).toHaveLength(7);
});

it("names a stack once, however often it is met", () => {
  const { attempts, lines } = recording();
  for (let n = 0; n < 3; n++) attempts.begin("socket", { host: "db", port: 5432 })?.end("ok");
  const stacks = lines.filter((line) => "stack" in line);
  expect(stacks).toHaveLength(1);
  expect(stacks[0]?.frames[0]).toMatch(/attempts\.test\.ts:\d+:\d+$/);
});

it("tells what does not end while it is still open, once, and then its end", () => {
  const { attempts, told } = recording({ openIsLongMs: 0 });
  const hanging = attempts.begin("socket", { host: "lost", port: 443 });
  attempts.tell();
  attempts.tell();
  expect(told()).toMatchObject([{ open: 0, via: "socket", host: "lost" }]);
  hanging?.end("info", { code: "ETIMEDOUT" });
  hanging?.end("ok");
  expect(told()).toMatchObject([{ open: 0 }, { id: 0, end: "info", error: "ETIMEDOUT" }]);
});

it("tells a whole once, with the address that its part found", () => {
  const { attempts, told } = recording();
  const call = attempts.begin("sdk", { host: "rds.eu-west-1.amazonaws.com", service: "rds" });
  call?.during(() => {
    const part = attempts.begin("socket", { host: "rds.eu-west-1.amazonaws.com", port: 443 });
    part?.learn({ address: "192.0.2.1" });
    part?.end("fail", { code: "ECONNRESET" });
  });
  call?.end("ok");
  expect(told()).toMatchObject([{ via: "sdk", address: "192.0.2.1", end: "ok" }]);
});

it("carries the stack of a call to what is done later in its name", async () => {
  const { attempts, lines } = recording();
  await attempts.fromHere(async function caller() {
    await null;
    queueMicrotask(() => attempts.begin("http", { host: "later" })?.end("ok"));
    await null;
  });
  const [stack] = lines.filter((line) => "stack" in line);
  expect(stack?.frames[0]).toContain("attempts.test.ts");
  expect(lines.find((line) => "id" in line)).toMatchObject({ host: "later", at: stack?.stack });
});

it("drops what is too much, and says how much that was", () => {
  const { attempts } = recording();
  for (let n = 0; n < 10_050; n++) attempts.begin("socket", { host: "lost", port: 1 });
  expect(attempts.counts).toEqual({ seen: 10_050, dropped: 50 });
});
