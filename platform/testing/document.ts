import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";

const document = z.looseObject({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
      }),
    ),
  ),
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

/** The API as its own document describes it. */
export interface Document {
  readonly text: z.output<typeof document>;
  /** Where an answer is another than the document says, as sentences. */
  faults(method: string, path: string, answer: Answer): string[];
}

export async function documentOf(url: string): Promise<Document> {
  const text = document.parse(await (await fetch(`${url}/openapi.json`)).json());
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(text, "api");
  return {
    text,
    faults(method, path, { status, type, body }) {
      const found = Object.keys(text.paths)
        .toSorted((one, other) => one.split("{").length - other.split("{").length)
        .find((known) => new RegExp(`^${known.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
      const operation = found === undefined ? undefined : text.paths[found]?.[method.toLowerCase()];
      // What is offered nowhere is described nowhere.
      if (found === undefined || operation === undefined) return [];
      const response = operation.responses[status];
      if (response === undefined) return [`${method} ${found} answered ${status}, which the document does not name`];
      const media = type?.split(";")[0] ?? "";
      if (response.content === undefined) return body === null ? [] : [`${method} ${found} ${status} has a body`];
      if (!(media in response.content)) return [`${method} ${found} ${status} is ${media}`];
      const parts = ["paths", found, method.toLowerCase(), "responses", String(status), "content", media, "schema"];
      const pointer = parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")));
      const check = ajv.getSchema(`api#/${pointer.join("/")}`);
      if (check === undefined) return [`${method} ${found} ${status} has no schema`];
      if (check(body)) return [];
      const said = (check.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
      return [`${method} ${found} ${status}: ${said.join("; ")}`];
    },
  };
}
