/** A node of a syntax tree, as far as the scan needs to know it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  typeof value.type === "string" &&
  "start" in value &&
  typeof value.start === "number" &&
  "end" in value &&
  typeof value.end === "number";

/** Nodes below a node with the key they stand at, in the order of the text; comments are no part of the tree. */
export function* childrenOf(node: Node): Generator<readonly [key: string, child: Node]> {
  for (const [key, value] of Object.entries(node)) {
    if (key.endsWith("Comments")) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield [key, child];
  }
}

/** The name of an identifier, the text of a string, the last name of `a.b`. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") return nameOf(node["property"]);
  if (node.type === "ThisExpression") return "this";
  if (node.type === "PrivateName") return nameOf(node["id"]);
  const name = node["name"] ?? node["value"];
  return typeof name === "string" ? name : undefined;
}

/** Where a node names what its values are for: a property, a variable, a call. */
const namedBy: Readonly<Record<string, string>> = {
  ObjectProperty: "key",
  ClassProperty: "key",
  ClassAccessorProperty: "key",
  VariableDeclarator: "id",
  AssignmentExpression: "left",
  AssignmentPattern: "left",
  TSEnumMember: "id",
  JSXAttribute: "name",
  NewExpression: "callee",
  CallExpression: "callee",
};

export function keyOf(node: Node): [string] | undefined {
  const at = namedBy[node.type];
  const name = at === undefined ? undefined : nameOf(node[at]);
  return name === undefined ? undefined : [name];
}
