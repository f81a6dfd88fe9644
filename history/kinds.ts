import type { Process, Role } from "../harness/types.ts";

/** Who did what: all ops of one process and one function are of one kind, known by its number. */
export interface Kind {
  readonly process: Process;
  readonly f: string;
  readonly role: Role;
}

/** The kinds of a history, numbered as they are met. */
export interface Kinds {
  readonly all: readonly Kind[];
  numberOf(process: Process, f: string): number;
  /** Those of a role or of one process, and of one function when it is given. */
  of(who: Role | Process, f?: string): readonly number[];
}

export function kindsMet(): Kinds {
  const all: Kind[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf(process, f) {
      const name = `${process} ${f}`;
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, all.length);
      return all.push({ process, f, role: process.slice(0, process.indexOf("/")) as Role }) - 1;
    },
    of: (who, f) =>
      all.flatMap((kind, number) =>
        (kind.role === who || kind.process === who) && (f === undefined || kind.f === f) ? [number] : [],
      ),
  };
}
