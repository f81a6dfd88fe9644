import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { watchCpu } from "./cpu-watch.ts";

test("what a child has used still counts when it has ended", async () => {
  const busy = spawn(
    process.execPath,
    ["-e", "for (const end = Date.now() + 300; Date.now() < end; ); setTimeout(() => {}, 60_000)"],
    {
      env: { GAMEDAY_LAB: JSON.stringify({ region: "us-east-9" }) },
    },
  );
  const watch = watchCpu(process.pid);
  const used = () => {
    watch.look();
    return watch.looks.at(-1)?.secondsByKind.get("others, us-east-9") ?? 0;
  };
  await expect.poll(used, { interval: 20, timeout: 10_000 }).toBeGreaterThanOrEqual(0.2);
  busy.kill("SIGKILL");
  await once(busy, "exit");
  expect(used()).toBeGreaterThanOrEqual(0.2);
});
