import { childrenOf, isNode, type Node, nameOf } from "./syntax.ts";

/** What a module calls by names from the AWS SDK. */
export interface SdkNames {
  /** Local name of a command class, and what it asks. */
  readonly commands: ReadonlyMap<string, { readonly service: string; readonly operation: string }>;
  /** `import * as rds from "@aws-sdk/client-rds"`. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Services of which it has the client with a method for each operation. */
  readonly methodsOf: readonly string[];
}

const clientPackage = /^@aws-sdk\/client-([a-z0-9-]+)$/;
/** Packages that are named otherwise than their services are in signatures. */
const serviceOfPackage: Readonly<Record<string, string>> = {
  "route-53": "route53",
  "route-53-domains": "route53domains",
  "elastic-load-balancing": "elasticloadbalancing",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  "global-accelerator": "globalaccelerator",
  "api-gateway": "apigateway",
  apigatewayv2: "apigateway",
  opensearch: "es",
  "elasticsearch-service": "es",
  "cost-explorer": "ce",
};

function serviceOf(source: string): string | undefined {
  const [, name] = clientPackage.exec(source) ?? [];
  return name === undefined ? undefined : (serviceOfPackage[name] ?? name);
}

export function sdkNames(program: Node): SdkNames {
  const commands = new Map<string, { service: string; operation: string }>();
  const namespaces = new Map<string, string>();
  const methodsOf: string[] = [];
  for (const node of bodyOf(program)) {
    const service = node.type === "ImportDeclaration" ? serviceOf(nameOf(node["source"]) ?? "") : undefined;
    if (service === undefined) continue;
    for (const [, specifier] of childrenOf(node)) {
      const local = nameOf(specifier["local"]);
      const imported = nameOf(specifier["imported"]);
      if (local === undefined) continue;
      if (specifier.type === "ImportNamespaceSpecifier") namespaces.set(local, service);
      else if (imported?.endsWith("Command"))
        commands.set(local, { service, operation: imported.slice(0, -"Command".length) });
      else if (imported?.toLowerCase() === service.replaceAll("-", "")) methodsOf.push(service);
    }
  }
  return { commands, namespaces, methodsOf };
}

/** What a module loads when it runs: imports of types alone vanish. */
export function imports(program: Node): string[] {
  const found: string[] = [];
  const add = (source: unknown): void => {
    const name = nameOf(source);
    if (name !== undefined) found.push(name);
  };
  const visit = (node: Node): void => {
    if (/^(?:Import|Export)\w*Declaration$/.test(node.type) && isLoaded(node)) add(node["source"]);
    if (node.type === "ImportExpression") add(node["source"]);
    const callee = node["callee"];
    const [argument] = Array.isArray(node["arguments"]) ? node["arguments"] : [];
    if (isNode(callee) && (callee.type === "Import" || nameOf(callee) === "require")) add(argument);
    for (const [, child] of childrenOf(node)) visit(child);
  };
  visit(program);
  return found;
}

function isLoaded(node: Node): boolean {
  if (node["importKind"] === "type" || node["exportKind"] === "type") return false;
  const specifiers = [...childrenOf(node)].filter(([key]) => key === "specifiers").map(([, child]) => child);
  return (
    specifiers.length === 0 || specifiers.some((one) => one["importKind"] !== "type" && one["exportKind"] !== "type")
  );
}

const bodyOf = (program: Node): Node[] =>
  [...childrenOf(program)].filter(([key]) => key === "body").map(([, node]) => node);
