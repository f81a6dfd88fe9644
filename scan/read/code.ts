import { parse } from "@babel/parser";
import { type Call, type Contents, type Literal, unknownText } from "../types.ts";
import { imports, type SdkNames, sdkNames } from "./imports.ts";
import { childrenOf, isNode, keyOf, type Node, nameOf } from "./syntax.ts";

/** TypeScript and JavaScript: what its strings and templates say, which AWS operations it calls, which modules it loads. Throws `SyntaxError`. */
export function readCode(text: string, path: string): Contents {
  const { program, comments } = parse(text, {
    sourceType: "unambiguous",
    sourceFilename: path,
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: [
      ...(/\.[cm]?ts$|\.tsx$/.test(path) ? (["typescript"] as const) : []),
      ...(/x$|\.[cm]?js$/.test(path) ? (["jsx"] as const) : []),
      "decorators",
      "explicitResourceManagement",
    ],
  });
  const root: unknown = program;
  if (!isNode(root)) throw new SyntaxError(`${path} has no program`);
  const found: Found = { text, names: sdkNames(root), literals: [], calls: [] };
  visit(root, [], found);
  return {
    literals: found.literals,
    calls: found.calls,
    imports: imports(root),
    comments: (comments ?? []).map(({ value, start, end }) => ({ text: value, offset: start ?? 0, end: end ?? 0 })),
  };
}

interface Found {
  readonly text: string;
  readonly names: SdkNames;
  readonly literals: Literal[];
  readonly calls: Call[];
}

/** Types that vanish when the program runs hold no dependency. */
const isOnlyType = ({ type }: Node): boolean => type.startsWith("TS") && !typesThatRun.has(type);
const typesThatRun = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSExportAssignment",
  "TSParameterProperty",
]);
/** What stands between the quotes or the tags of these is looked at. */
const quoted: Readonly<Record<string, number>> = { StringLiteral: 1, DirectiveLiteral: 1, JSXText: 0 };

function visit(node: Node, field: readonly string[], found: Found): void {
  if (isOnlyType(node)) return;
  const quotes = quoted[node.type];
  if (quotes !== undefined) {
    const offset = node.start + quotes;
    found.literals.push({ text: found.text.slice(offset, node.end - quotes), offset, field });
    return;
  }
  if (node.type === "TemplateLiteral") found.literals.push(template(node, field, found.text));
  const call = callOf(node, found.names);
  if (call !== undefined) found.calls.push(call);
  const within = [...field, ...(keyOf(node) ?? [])];
  for (const [key, child] of childrenOf(node)) {
    // The path of a module is no dependency on a region.
    if (key === "source" && /^(?:Import|Export)/.test(node.type)) continue;
    visit(child, key === "key" ? field : within, found);
  }
}

/** The text between the backticks, its expressions made unknown: what strings they hold is seen on the way down. */
function template(node: Node, field: readonly string[], text: string): Literal {
  const offset = node.start + 1;
  const said = [...childrenOf(node)].filter(([key]) => key === "quasis").map(([, quasi]) => quasi);
  const whole = said.reduce(
    (before, { start, end }) => before + unknownText.repeat(start - offset - before.length) + text.slice(start, end),
    "",
  );
  return { text: whole, offset, field };
}

/** `new CreateRoleCommand(…)` or, with a client that has a method for each operation, `iam.createRole(…)`. */
function callOf(node: Node, { commands, namespaces, methodsOf }: SdkNames): Call | undefined {
  const callee = node["callee"];
  if (!isNode(callee) || (node.type !== "NewExpression" && node.type !== "CallExpression")) return undefined;
  const { start: offset } = callee;
  const length = callee.end - callee.start;
  const property = callee["property"];
  const object = callee["object"];
  if (node.type === "NewExpression") {
    const command =
      property === undefined
        ? commands.get(nameOf(callee) ?? "")
        : commandOf(namespaces.get(nameOf(object) ?? ""), nameOf(property));
    return command && { ...command, offset, length };
  }
  const method = nameOf(property);
  if (method === undefined) return undefined;
  const operation = method.charAt(0).toUpperCase() + method.slice(1);
  const service = methodsOf.find((one) => nameOf(object)?.toLowerCase().includes(one));
  return service === undefined ? undefined : { service, operation, offset, length };
}

function commandOf(service: string | undefined, name: string | undefined) {
  const operation = name?.endsWith("Command") === true ? name.slice(0, -"Command".length) : undefined;
  return service === undefined || operation === undefined ? undefined : { service, operation };
}
