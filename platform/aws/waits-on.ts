import type { WaitsOn } from "../converge.ts";

/** Who serves a client's calls. */
interface Caller {
  readonly service: string;
  readonly region: string;
}

/** As much of an SDK client's middleware as is needed to hear how its calls fail. */
interface Failing {
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: every client has its own types of input and output, and none is touched here
      middleware: (next: (args: any) => Promise<any>, context: { commandName?: string }) => (args: any) => Promise<any>,
      options: { step: "initialize"; name: string },
    ): void;
  };
}

const calls = new WeakMap<Error, WaitsOn>();

/** Has each call of the client that fails remember what it was. */
export function rememberFailures<Client extends Failing>(client: Client, { service, region }: Caller): Client {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error) {
            const operation = commandName.replace(/Command$/, "");
            calls.set(error, { service, operation, region, answered: statusOf(error) !== undefined });
          }
          throw error;
        }
      },
    { step: "initialize", name: "rememberFailures" },
  );
  return client;
}

/** The call that failed with this error; undefined for an error of another kind. */
export const failedCall = (error: unknown): WaitsOn | undefined =>
  error instanceof Error ? calls.get(error) : undefined;

/** Of the answer, if there was one. */
function statusOf(error: Error): number | undefined {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
