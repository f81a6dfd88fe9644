import type { Kinds } from "./kinds.ts";
import { invoked, type Scanned } from "./scan.ts";

/** What is kept in memory of each op of a file: about 30 bytes, by its index. Its value stays in the file. */
export class Columns {
  length = 0;
  /** The latest time of all. */
  endsAt = 0;
  /** Numbers, as `scan.ts` has them. */
  types = new Uint8Array(1024);
  kinds = new Uint16Array(1024);
  times = new Float64Array(1024);
  /** Of an invocation the index of its completion, 0 when there is none; of a completion that of its invocation. */
  others = new Uint32Array(1024);
  /** Where its line begins in the file; the entry after the last says where that one ends. */
  starts = new Float64Array(1025);
  /** Where value and error begin, counted from the line's beginning; 0 when the whole line has to be read. */
  rests = new Uint16Array(1024);

  /** Adds the next op, or says what is wrong with it. */
  add(
    { type, index, invoke, time, kind, rest }: Scanned,
    kinds: Kinds,
    from: number,
    start: number,
    end: number,
  ): string | undefined {
    const at = this.length;
    if (index !== at) return `index ${index} on the line of index ${at}: lines are missing or moved`;
    if (type !== invoked) {
      const isOpen = invoke < at && this.types[invoke] === invoked && this.others[invoke] === 0;
      if (!isOpen) return `completes ${invoke}, which is not an open invocation`;
      const begun = this.kinds[invoke] ?? 0;
      if (begun !== kind) return `${nameOf(kinds, kind)} completes ${invoke}, which is ${nameOf(kinds, begun)}`;
      this.others[invoke] = at;
    }
    if (at === this.types.length) this.#grow();
    this.types[at] = type;
    this.kinds[at] = kind;
    this.times[at] = time;
    this.others[at] = type === invoked ? 0 : invoke;
    this.starts[at] = start;
    this.starts[at + 1] = end;
    this.rests[at] = rest < 0 || rest - from > 65_535 ? 0 : rest - from;
    if (time > this.endsAt) this.endsAt = time;
    this.length = at + 1;
    return undefined;
  }

  /** The index of the line that begins there; that of the next one when it is no line yet. */
  indexOf(start: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const to = 2 * this.length;
    this.types = grown(this.types, new Uint8Array(to));
    this.kinds = grown(this.kinds, new Uint16Array(to));
    this.times = grown(this.times, new Float64Array(to));
    this.others = grown(this.others, new Uint32Array(to));
    this.starts = grown(this.starts, new Float64Array(to + 1));
    this.rests = grown(this.rests, new Uint16Array(to));
  }
}

function grown<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

const nameOf = (kinds: Kinds, number: number): string => {
  const { process, f } = kinds.all[number] ?? {};
  return `${process} ${f}`;
};
