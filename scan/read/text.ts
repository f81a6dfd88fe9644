import type { Call, Comment, Contents, Literal } from "../types.ts";

const commentMark = /^\s*(?:#|\/\/|--|;)/;

/** Lines of a file whose language the scan does not know: comments are left out, and calls of the AWS command line are seen. */
export function readText(text: string): Contents {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  for (const { line, offset } of linesOf(text)) {
    const mark = commentMark.test(line) ? 0 : line.search(/(?:#|\/\/)\s*gameday-allow\b/);
    if (mark >= 0) comments.push({ text: line.slice(mark), offset: offset + mark, end: offset + line.length });
    const said = mark >= 0 ? line.slice(0, mark) : line;
    if (said.trim() !== "") literals.push({ text: said, offset, field: [], isProse: true });
  }
  return { literals, calls: literals.flatMap(commandLines), comments, imports: [] };
}

/** `KEY=value` lines. */
export function readEnvironment(text: string): Contents {
  const read = readText(text);
  return {
    ...read,
    literals: read.literals.flatMap((line) => {
      const [, before = "", key = ""] = /^(\s*(?:export\s+)?([\w.]+)\s*=)/.exec(line.text) ?? [];
      const value = { text: line.text.slice(before.length), offset: line.offset + before.length, field: [key] };
      return key === "" ? [line] : [{ ...line, text: before, field: [] }, value];
    }),
  };
}

/** `aws --profile ops route53 change-resource-record-sets`: the service and the operation, as the SDK calls them. */
const commandLine = /(?<![\w-])aws((?:\s+--[a-z-]+(?:[= ][^\s-]\S*)?)*)\s+([a-z0-9-]+)\s+([a-z0-9]+(?:-[a-z0-9]+)+)/g;

const serviceOfCommand: Readonly<Record<string, string>> = {
  s3api: "s3",
  elb: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  apigatewayv2: "apigateway",
  opensearch: "es",
};

const commandLines = ({ text, offset }: Literal): Call[] =>
  [...text.matchAll(commandLine)].map(({ 0: whole, 2: service = "", 3: operation = "", index }) => ({
    service: serviceOfCommand[service] ?? service,
    operation: operation.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase()),
    offset: offset + index,
    length: whole.length,
  }));

function* linesOf(text: string): Generator<{ line: string; offset: number }> {
  let offset = 0;
  for (const line of text.split("\n")) {
    yield { line: line.replace(/\r$/, ""), offset };
    offset += line.length + 1;
  }
}
