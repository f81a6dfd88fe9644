import type { Millis, Op } from "../harness/types.ts";

/** One of the times that the steady state is played; the example's own beginning is number 0. */
export interface Repetition {
  readonly number: number;
  readonly shiftMs: Millis;
}

/** What is new in each cycle: how many of each a deployment or a store has. */
const everyMs = { markers: 500, objects: 250, images: 2_000 } as const;

type Value = Readonly<Record<string, unknown>>;

/** Gives the value of an op in a repetition: undefined when it is the example's own, and "left out" when the op has no place there. */
export function renames(cycles: number, cycleMs: Millis): (op: Op, at: Repetition) => Value | "left out" | undefined {
  const tasks = taskNames();
  const perCycle = (what: keyof typeof everyMs): number => cycleMs / everyMs[what];
  const moved = (key: string, by: number): string => key.replace(/\d+$/, (number) => String(Number(number) + by));

  const asked: Readonly<Record<string, (value: Value, at: Repetition) => Value | "left out">> = {
    "probe/availability sample": (value, { shiftMs }) => ({ ...value, due: Number(value["due"]) + shiftMs }),
    "probe/ledger append": (value, { number }) => ({
      ...value,
      seq: Number(value["seq"]) + number * perCycle("markers"),
    }),
    "load/tasks task": (value, { number }) => tasks.event(value, number),
    "load/heartbeats tally": (value, { shiftMs }) => ({ ...value, second: Number(value["second"]) + shiftMs / 1_000 }),
    "load/users tally": (value, { shiftMs }) => ({ ...value, second: Number(value["second"]) + shiftMs / 1_000 }),
    ...Object.fromEntries(
      (["objects", "images"] as const).map((goods) => [
        `probe/${goods} put`,
        (value: Value, { number }: Repetition): Value => {
          const by = number * perCycle(goods);
          const digests = (value["digests"] as string[]).map((digest) => moved(digest, by));
          return { ...value, key: moved(String(value["key"]), by), digests };
        },
      ]),
    ),
  };
  const seen: Readonly<Record<string, (value: Value, asked: Value) => Value>> = {
    "probe/ledger read": ({ rows }) => ({ rows: rowsOf(rows as Row[], cycles * perCycle("markers")) }),
    "probe/tasks read": (_, { deployment }) => tasks.rows(String(deployment)),
    ...Object.fromEntries(
      (["objects", "images"] as const).map((goods) => [
        `probe/${goods} read`,
        ({ items, partial }: Value): Value => {
          const by = cycles * perCycle(goods);
          const earlier = Array.from({ length: by }, (_, n) => [`${goods}/${n}`, `md5:${n}`]);
          const own = (items as [string, string][]).map(([key, digest]) => [moved(key, by), moved(digest, by)]);
          return { items: [...earlier, ...own], partial };
        },
      ]),
    ),
  };
  const questions = new Map<number, Value>();
  return (op, at) => {
    const name = `${op.process} ${op.f}`;
    const value = Object(op.value) as Value;
    if (op.type === "invoke") {
      if (name in seen) questions.set(op.index, value);
      return asked[name]?.(value, at);
    }
    const question = questions.get(op.invoke);
    return op.type === "ok" && question !== undefined ? seen[name]?.(value, question) : undefined;
  };
}

type Row = readonly [deployment: string, seq: number, region: string, copies: number];

/** The example's rows, whose numbers begin later now, and before them those of all markers that were written in the meantime. */
function rowsOf(rows: readonly Row[], by: number): Row[] {
  const firsts = rows.filter(([, seq, region], n) => seq === 0 && rows[n]?.[2] === region);
  return [
    ...firsts.flatMap(([deployment, , region]) =>
      Array.from({ length: by }, (_, seq): Row => [deployment, seq, region, 1]),
    ),
    ...rows.map(([deployment, seq, region, copies]): Row => [deployment, seq + by, region, copies]),
  ];
}

interface Task {
  readonly id: string;
  readonly worker: string;
  try: number;
  state: "running" | "queued" | "success";
}

/** Follows each worker from task to task, so that what one repetition begins the next one ends. */
function taskNames() {
  const running = new Map<string, Task>();
  const byDeployment = new Map<string, Task[]>();
  let known = new Map<string, Task | undefined>();
  let [current, made] = [0, 0];

  const begun = (worker: string, deployment: string): Task | undefined => {
    if (running.has(worker)) return undefined;
    const task: Task = { id: `${worker}-${made++}`, worker, try: 1, state: "running" };
    const all = byDeployment.get(deployment) ?? [];
    byDeployment.set(deployment, all);
    all.push(task);
    running.set(worker, task);
    return task;
  };
  return {
    event(value: Value, repetition: number): Value | "left out" {
      if (repetition !== current) [current, known] = [repetition, new Map()];
      const [event, worker, deployment, id, attempt] = ["event", "worker", "deployment", "id", "try"].map(
        (key) => value[key],
      );
      const name = String(id);
      if (!known.has(name)) {
        const isNew = event === "start" && attempt === 1;
        known.set(name, isNew ? begun(String(worker), String(deployment)) : running.get(String(worker)));
      }
      const task = known.get(name);
      if (task === undefined || (event === "finish" && task.state === "success")) return "left out";
      task.try = Number(attempt);
      task.state = event === "start" ? "running" : event === "finish" ? "success" : "queued";
      if (event === "finish") running.delete(task.worker);
      return { ...value, id: task.id };
    },
    /** What a deployment says of its tasks now. */
    rows(deployment: string): Value {
      const all = byDeployment.get(deployment) ?? [];
      return {
        tasks: all.map(({ id, try: attempt, state }) => ({ id, try: attempt, state })),
        outputs: all.flatMap(({ id, try: attempt, state, worker }) =>
          state === "success" ? [{ id, try: attempt, worker }] : [],
        ),
      };
    },
  };
}
