/** For tests: a keyword of EDN; the same one for the same name. */
export class Keyword {
  readonly name: string;
  private constructor(name: string) {
    this.name = name;
  }
  static readonly #all = new Map<string, Keyword>();
  static of(name: string): Keyword {
    const known = Keyword.#all.get(name) ?? new Keyword(name);
    Keyword.#all.set(name, known);
    return known;
  }
}

const token =
  /\s*(?:(?<open>[[{])|(?<close>[\]}])|(?<string>"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*")|:(?<keyword>[A-Za-z*!_?$%&=<>][\w*!?$%&=<>.+-]*(?:\/[A-Za-z*!_?$%&=<>][\w*!?$%&=<>.+-]*)?)|(?<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>nil|true|false))(?=[\s,[\]{}"]|$)?,?\s*/y;

/** For tests: reads one value of EDN, strictly: maps, vectors, strings, keywords, numbers, nil and booleans, and nothing else. */
export function readEdn(text: string): unknown {
  let at = 0;
  const next = (): Readonly<Record<string, string | undefined>> => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found?.groups === undefined) throw new Error(`no EDN at ${at}: ${text.slice(at, at + 40)}`);
    at = token.lastIndex;
    return found.groups;
  };
  const until = (close: string): unknown[] => {
    const values: unknown[] = [];
    for (let one = next(); one["close"] !== close; one = next()) values.push(meant(one));
    return values;
  };
  const meant = ({ open, string, keyword, number, word }: ReturnType<typeof next>): unknown => {
    if (open === "[") return until("]");
    if (open === "{") return mapOf(until("}"));
    if (string !== undefined) return JSON.parse(string);
    if (keyword !== undefined) return Keyword.of(keyword);
    if (number !== undefined) return Number(number);
    if (word !== undefined) return { nil: null, true: true, false: false }[word];
    throw new Error(`no value before ${at}`);
  };
  const value = meant(next());
  if (at !== text.length) throw new Error(`more than one value: ${text.slice(at, at + 40)}`);
  return value;
}

function mapOf(entries: readonly unknown[]): Map<unknown, unknown> {
  if (entries.length % 2 !== 0) throw new Error("a map with a key and no value");
  const map = new Map<unknown, unknown>();
  for (let n = 0; n < entries.length; n += 2) {
    if (map.has(entries[n])) throw new Error("a key twice");
    map.set(entries[n], entries[n + 1]);
  }
  return map;
}
