import type { Invocation, Op, Process } from "../harness/types.ts";
import { edn, keyword } from "./edn.ts";

/**
 * Ops as lines of a Jepsen history, one op map each. What it looks like: README of github.com/jepsen-io/history (keys; a process does one
 * thing at a time, and none after an `:info`; faults have `:info` at both ends) and `dense-history-pair-index` there, which pairs by process.
 */
export function jepsenLines(): (op: Op) => string {
  const rooms = new Map<string, { readonly free: Place[]; places: number }>();
  const open = new Map<number, { readonly invocation: Invocation; readonly place: Place }>();
  let clients = 0;

  /** The first place of a process that does nothing now, or a new one. */
  const placeOf = (process: Process): Place => {
    const role = roleOf(process);
    const isClient = role === "load" || role === "probe";
    const name = isClient ? process : role;
    const room = rooms.get(name) ?? { free: [], places: 0 };
    rooms.set(name, room);
    const free = room.free.pop();
    if (free !== undefined) return free;
    room.places += 1;
    const word = role === "fault" ? "nemesis" : role;
    const keyed = `:${word}${room.places === 1 ? "" : `-${room.places}`}`;
    return { isClient, process: isClient ? String(clients++) : keyed, leave: (place) => void room.free.push(place) };
  };

  return (op) => {
    if (op.type === "invoke") {
      const place = placeOf(op.process);
      open.set(op.index, { invocation: op, place });
      return line(op, place, op.value);
    }
    const begun = open.get(op.invoke);
    if (begun === undefined) throw new Error(`op ${op.index} completes ${op.invoke}, which is not open`);
    const { invocation, place } = begun;
    open.delete(op.invoke);
    // What crashed does nothing any more.
    if (op.type !== "info" || !place.isClient) place.leave(place);
    return line(op, place, answered(invocation.value, op.value));
  };
}

/** Something that does one thing at a time. */
interface Place {
  readonly isClient: boolean;
  /** A number for clients, a keyword for others. */
  readonly process: string;
  leave(place: Place): void;
}

/** A completion repeats what was asked, as Jepsen's clients do, and adds what it tells of its own. */
const answered = (asked: unknown, told: unknown): unknown =>
  told === undefined ? asked : isMap(asked) && isMap(told) ? { ...asked, ...told } : told;

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

const roleOf = (process: Process): string => process.slice(0, process.indexOf("/"));

function line(op: Op, { isClient, process }: Place, value: unknown): string {
  const who = op.process.slice(op.process.indexOf("/") + 1);
  const entries = [
    `:index ${op.index}`,
    `:time ${Math.round(op.time * 1e6)}`,
    `:type :${isClient ? op.type : "info"}`,
    `:process ${process}`,
    `:f ${keyword(op.f, who)}`,
    `:value ${edn(value)}`,
    ...("error" in op && op.error !== undefined ? [`:error ${edn(op.error)}`] : []),
    `:gameday/process ${edn(op.process)}`,
    ...(isClient ? [] : [`:gameday/type :${op.type}`]),
  ];
  return `{${entries.join(", ")}}\n`;
}
