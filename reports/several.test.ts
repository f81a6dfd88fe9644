import { expect, test } from "vitest";
import type { Op, Result } from "../harness/types.ts";
import { literal } from "../history/literal.ts";
import { several } from "./several.ts";

const op: Op = { type: "invoke", index: 0, time: 0, process: "run/play", f: "start" };
const result = {} as Result;
const history = literal();

test("a reporter that throws is marked, told once and left out, and the others still run", async () => {
  const heard: string[] = [];
  const complaints: string[] = [];
  const both = several(
    [
      {
        name: "broken",
        reporter: {
          onOp: () => {
            heard.push("broken op");
            throw new Error("no");
          },
          onEnd: () => void heard.push("broken end"),
        },
      },
      {
        name: "late",
        reporter: {
          onEnd: async () => {
            throw new Error("disk full");
          },
        },
      },
      { name: "fine", reporter: { onOp: () => void heard.push("op"), onEnd: () => void heard.push("end") } },
    ],
    ({ name }) => complaints.push(name),
  );
  both.onOp(op);
  both.onOp(op);
  await both.onEnd(result, history);
  expect(heard).toEqual(["broken op", "op", "op", "end"]);
  expect(complaints).toEqual(["broken", "late"]);
  expect(both.broken.map(({ error }) => String(error))).toEqual(["Error: no", "Error: disk full"]);
});
