import { describe, expect, test } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import type { Op } from "../harness/types.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { edn, keyword } from "./edn.ts";
import { jepsenLines } from "./jepsen.ts";
import { did, fail, info, literal, ok } from "./literal.ts";
import { Keyword, readEdn } from "./read-edn.ts";

type OpMap = ReadonlyMap<unknown, unknown>;
const linesOf = (ops: readonly Op[]): string[] => ops.map(jepsenLines());
const mapsOf = (ops: readonly Op[]): OpMap[] => linesOf(ops).map((line) => readEdn(line) as OpMap);
const get = (op: OpMap | undefined, key: string): unknown => op?.get(Keyword.of(key));
const k = (name: string) => Keyword.of(name);

/** As `dense-history-pair-index` of jepsen.history pairs ops, and what it throws. */
function jepsenPairs(ops: readonly OpMap[]): [number, number][] {
  const running = new Map<unknown, number>();
  const pairs: [number, number][] = [];
  for (const [index, op] of ops.entries()) {
    const [process, type] = [get(op, "process"), get(op, "type")];
    const id = process instanceof Keyword ? process.name : process;
    const begun = running.get(id);
    const begins = type === k("invoke") || (type === k("info") && begun === undefined && process instanceof Keyword);
    if (begins && begun !== undefined) throw new Error(`process ${id} is still executing ${begun}`);
    if (!begins && begun === undefined) throw new Error(`process ${id} completes ${index} without invoking it first`);
    if (begins) running.set(id, index);
    else {
      pairs.push([begun ?? -1, index]);
      running.delete(id);
    }
  }
  return pairs;
}

describe("a history for Jepsen", () => {
  const example = exampleHistory({ deployments: 40, tasks: 30 });
  const maps = mapsOf(example.ops);

  test("has each op on its line, at its index, with its time in nanoseconds", () => {
    expect(maps.map((op) => get(op, "index"))).toEqual(example.ops.map(({ index }) => index));
    expect(maps.map((op) => get(op, "time"))).toEqual(example.ops.map(({ time }) => time * 1_000_000));
    expect(linesOf(example.ops).every((line) => line.startsWith("{") && line.indexOf("\n") === line.length - 1)).toBe(
      true,
    );
  });

  test("is paired by its processes as the history is", () => {
    const own = example.ops.flatMap((op): [number, number][] => (op.type === "invoke" ? [] : [[op.invoke, op.index]]));
    expect(jepsenPairs(maps)).toEqual(own);
  });

  test("has numbers for clients, none of which does anything after a crash", () => {
    const crashed = new Set<unknown>();
    for (const op of maps) {
      const process = get(op, "process");
      expect(crashed.has(process)).toBe(false);
      expect(typeof process === "number").toBe(/^(load|probe)\//.test(String(get(op, "gameday/process"))));
      if (typeof process === "number" && get(op, "type") === k("info")) crashed.add(process);
    }
    expect(crashed.size).toBeGreaterThan(0);
  });

  test("has faults as a nemesis, with :info at both ends", () => {
    const faults = maps.filter((op) => get(op, "process") === k("nemesis"));
    expect(faults.map((op) => get(op, "f"))).toEqual(
      ["inject", "inject", "confirm", "confirm", "heal", "heal"].map((f) => k(`lose-region/${f}`)),
    );
    expect(new Set(faults.map((op) => get(op, "type")))).toEqual(new Set([k("info")]));
    expect(get(faults[1], "gameday/type")).toBe(k("ok"));
  });

  test("loses the same writes by Jepsen's account of a set as by our own", () => {
    const of = (f: string, type: string) => maps.filter((op) => get(op, "f") === k(f) && get(op, "type") === k(type));
    const told = (op: OpMap | undefined) => get(op, "value") as OpMap;
    const marker = (...parts: unknown[]): string => JSON.stringify(parts);
    const rows = get(told(of("ledger/read", "ok").at(-1)), "rows") as unknown[][];
    const held = new Set(rows.map(([deployment, seq, region]) => marker(deployment, region, seq)));
    // `set-full` of jepsen.checker: known before the read began, and not in it.
    const readAt = Number(get(of("ledger/read", "invoke").at(-1), "index"));
    const lost = of("ledger/append", "ok").filter((op) => {
      const [deployment, region, seq] = ["deployment", "region", "seq"].map((key) => get(told(op), key));
      return Number(get(op, "index")) < readAt && !held.has(marker(deployment, region, seq));
    });
    const own = judge(example, checkers).verdicts.find(({ checker }) => checker === "rpo-database");
    expect(lost.length).toBeGreaterThan(0);
    expect(Object(own?.details).counts.lost).toBe(lost.length);
  });

  test("what overlaps is done by several processes, and what is over makes room", () => {
    const at = (invoke: number | undefined, index: number, process: Op["process"]): Op =>
      invoke === undefined
        ? { type: "invoke", index, time: index, process, f: "do" }
        : { type: "ok", invoke, index, time: index, process, f: "do" };
    const of = (process: Op["process"]) =>
      mapsOf([
        at(undefined, 0, process),
        at(undefined, 1, process),
        at(0, 2, process),
        at(undefined, 3, process),
        at(1, 4, process),
      ]).map((op) => get(op, "process"));
    expect(of("probe/a")).toEqual([0, 1, 0, 0, 1]);
    expect(of("fault/a")).toEqual(["nemesis", "nemesis-2", "nemesis", "nemesis", "nemesis-2"].map(k));
    expect(of("run/a")[1]).toBe(k("run-2"));
  });

  test("an end repeats what was asked, and adds what it tells of its own, and its error", () => {
    const { ops } = literal(
      did("probe/ledger append", [0, 1], { deployment: "dep-01", seq: 7 }),
      did("probe/ledger append", [2, 3], { seq: 8 }, fail("23505", { seen: [1.5, null, true] })),
      did("probe/ledger append", [4, 5], { seq: 9 }, info("no answer")),
      did("probe/ledger append", [6, 7], { seq: 10 }, ok({})),
    );
    const [, kept, , failed, , open, , empty] = linesOf(ops);
    expect(empty).toContain(":value {:seq 10}");
    expect(kept).toBe(
      '{:index 1, :time 1000000, :type :ok, :process 0, :f :ledger/append, :value {:deployment "dep-01", :seq 7}, :gameday/process "probe/ledger"}\n',
    );
    expect(failed).toContain(':value {:seq 8, :seen [1.5 nil true]}, :error "23505"');
    expect(open).toContain(':type :info, :process 0, :f :ledger/append, :value {:seq 9}, :error "no answer"');
  });

  test("a completion of what never began is refused", () => {
    expect(() => linesOf([{ type: "ok", invoke: 3, index: 0, time: 0, process: "probe/a", f: "b" }])).toThrow(
      "completes 3",
    );
  });
});

describe("EDN", () => {
  test.each([
    [null, "nil"],
    [undefined, "nil"],
    [[1, -2.5, 1e-7, 1e21, true], "[1 -2.5 1e-7 1e+21 true]"],
    ['a "quote"\n\\ é €', '"a \\"quote\\"\\n\\\\ é €"'],
    [
      { a: 1, "dep-01": { b: [] }, "1a": 0, "a b": 0, "x/y": 0, "": 0 },
      '{:a 1, :dep-01 {:b []}, "1a" 0, "a b" 0, "x/y" 0, "" 0}',
    ],
  ])("%j", (value, text) => {
    expect(edn(value)).toBe(text);
    expect(() => readEdn(text)).not.toThrow();
  });

  test("a name of which no keyword can be made is a string", () => {
    expect([keyword("append", "ledger"), keyword("append", "my ledger"), keyword("1st")]).toEqual([
      ":ledger/append",
      '"my ledger/append"',
      '"1st"',
    ]);
  });

  test.each(["", "{:a}", "{:a 1 :a 2}", "[1", '"a', ":a/b/c", "1 2", "(1)", "01", "tru"])(
    "its reader refuses %s",
    (text) => {
      expect(() => readEdn(text)).toThrow();
    },
  );
});
