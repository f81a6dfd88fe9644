import { type CST, type Document, isMap, isScalar, isSeq, type Node, Parser, parseAllDocuments, visit } from "yaml";
import type { Comment, Contents, Literal } from "../types.ts";

/** YAML and JSON: each scalar with the keys that lead to it and the object that it belongs to. Throws `SyntaxError` when it is neither. */
export function readDocument(text: string, path: string): Contents {
  const documents = parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false, merge: true, strict: false });
  const wrong = [...documents].flatMap(({ errors }) => errors)[0];
  if (wrong !== undefined) throw new SyntaxError(`${path}: ${wrong.message.split("\n")[0]}`);
  const all = [...documents];
  return {
    literals: all.flatMap((document) => scalars(document, text)),
    calls: [],
    comments: [...new Parser().parse(text)].flatMap((token) => [...comments(token)]),
    imports: [],
    variant: all.map(({ contents }) => textAt(contents, "variant")).find((variant) => variant !== undefined),
  };
}

function scalars(document: Document.Parsed | Document, text: string): Literal[] {
  const found: Literal[] = [];
  visit(document, {
    Scalar(key, node, path) {
      const [start, end] = node.range ?? [0, 0];
      const raw = text.slice(start, end);
      const quotes = /^(["']).*\1$/s.test(raw) ? 1 : 0;
      const ancestors = path.filter((one) => isMap(one) || isSeq(one));
      found.push({
        text: raw.slice(quotes, raw.length - quotes),
        offset: start + quotes,
        field: variableOf(ancestors.at(-1), fieldOf(path, key === "key")),
        subject: subjectOf(ancestors, path),
      });
    },
  });
  return found;
}

type Path = readonly unknown[];

/** Keys that lead to a scalar, the outermost first; a key by itself ends with its parent's. */
function fieldOf(path: Path, isKey: boolean): string[] {
  const keys = path.flatMap((one) =>
    typeof one === "object" && one !== null && "key" in one && isScalar(one.key) ? [String(one.key.value)] : [],
  );
  return isKey ? keys.slice(0, -1) : keys;
}

/** The value of `{ name: DATABASE_URL, value: … }` is known by its name. */
function variableOf(parent: unknown, field: string[]): string[] {
  const name = field.at(-1) === "value" ? textAt(parent, "name") : undefined;
  return name === undefined ? field : [...field.slice(0, -1), name];
}

/** The innermost object with a kind and a name, or the resource of a stack template. */
function subjectOf(ancestors: readonly unknown[], path: Path): string | undefined {
  for (const node of ancestors.toReversed()) {
    if (!isMap(node)) continue;
    const kind = textAt(node, "kind");
    if (kind === undefined) continue;
    const name = textAt(node.get("metadata"), "name");
    return name === undefined ? kind : `${kind} ${name}`;
  }
  const [first, name] = fieldOf(path, false);
  const [root] = ancestors;
  if (first !== "Resources" || name === undefined || !isMap(root)) return undefined;
  const type = textAt(root.getIn([first, name]), "Type");
  return type === undefined ? undefined : `resource ${name} (${type})`;
}

function textAt(node: unknown, key: string): string | undefined {
  const value = isMap(node) ? node.get(key) : undefined;
  return typeof value === "string" ? value : undefined;
}

function* comments(token: CST.Token | CST.SourceToken | CST.CollectionItem | Node | unknown): Generator<Comment> {
  if (typeof token !== "object" || token === null) return;
  if ("type" in token && token.type === "comment" && "source" in token && "offset" in token) {
    const text = String(token.source);
    const offset = Number(token.offset);
    yield { text: text.slice(1), offset, end: offset + text.length };
    return;
  }
  for (const value of Object.values(token)) {
    for (const one of Array.isArray(value) ? value : [value]) yield* comments(one);
  }
}
