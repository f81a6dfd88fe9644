import { hostname } from "node:os";
import { monotonicMs } from "./attempts.ts";
import type { HelloLine } from "./lines.ts";

/** The first line of this process. */
export const helloOf = (label: string, sdk: HelloLine["hello"]["sdk"]): HelloLine => ({
  hello: { label, pid: process.pid, machine: hostname(), monotonicMs: monotonicMs(), wallMs: Date.now(), sdk },
});
