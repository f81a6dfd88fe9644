import type { Millis } from "../harness/types.ts";

/** One intended look at a deployment. Late, unfinished and missing ones are unknown: neither up nor down. */
export interface Sample {
  readonly due: Millis;
  /** For one that was never taken, its intended time. */
  readonly began: Millis;
  readonly ended: Millis;
  readonly state: "up" | "down" | "unknown";
  /** The op that ended it, or began it when none did. Undefined: it was never taken. */
  readonly index?: number;
  readonly error?: string;
}

const noIndex = -1;

/** Samples in columns: a long run has millions of them, and each is made anew when it is asked for. */
export class Samples implements Iterable<Sample> {
  readonly #dues: Millis[] = [];
  readonly #begans: Millis[] = [];
  readonly #endeds: Millis[] = [];
  readonly #states: Sample["state"][] = [];
  readonly #indices: number[] = [];
  readonly #errors = new Map<number, string>();

  get length(): number {
    return this.#dues.length;
  }

  add({ due, began, ended, state, index, error }: Sample): void {
    if (error !== undefined) this.#errors.set(this.length, error);
    this.#dues.push(due);
    this.#begans.push(began);
    this.#endeds.push(ended);
    this.#states.push(state);
    this.#indices.push(index ?? noIndex);
  }

  *[Symbol.iterator](): Iterator<Sample> {
    for (let n = 0; n < this.length; n++) yield this.#at(n);
  }

  /** The same in the order of their intended times. */
  *byDue(): Iterable<Sample> {
    const due = (n: number): Millis => this.#dues[n] ?? 0;
    for (const n of [...this.#dues.keys()].sort((a, b) => due(a) - due(b))) yield this.#at(n);
  }

  #at(n: number): Sample {
    const due = this.#dues[n] ?? 0;
    const index = this.#indices[n] ?? noIndex;
    const error = this.#errors.get(n);
    return {
      due,
      began: this.#begans[n] ?? due,
      ended: this.#endeds[n] ?? due,
      state: this.#states[n] ?? "unknown",
      ...(index === noIndex ? {} : { index }),
      ...(error === undefined ? {} : { error }),
    };
  }
}
