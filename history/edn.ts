/** A value that came from JSON, as EDN (github.com/edn-format/edn): what can be a keyword is one, as keys of Clojure maps are. */
export function edn(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  // JSON's escapes in strings are also those of Clojure's reader.
  if (typeof value !== "object") return JSON.stringify(value) ?? "nil";
  if (Array.isArray(value)) return `[${value.map(edn).join(" ")}]`;
  const entries = Object.entries(value).map(([key, one]) => `${keyword(key)} ${edn(one)}`);
  return `{${entries.join(", ")}}`;
}

/** A name as a keyword, in a namespace when one is given; as a string where its letters allow no keyword. */
export function keyword(name: string, namespace?: string): string {
  const isFit = symbol.test(name) && (namespace === undefined || symbol.test(namespace));
  const whole = namespace === undefined ? name : `${namespace}/${name}`;
  return isFit ? `:${whole}` : JSON.stringify(whole);
}

/** Symbols of the EDN specification that mean the same to every reader: no slash, no digit or sign at the beginning. */
const symbol = /^[A-Za-z*!_?$%&=<>][A-Za-z0-9*!_?$%&=<>.+-]*$/;
