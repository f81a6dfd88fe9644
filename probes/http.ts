import { Agent, type IncomingMessage, request } from "node:http";
import type { Clock, Millis } from "../harness/types.ts";

export interface Question {
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  /** Overall, from before the connection to the last byte. */
  readonly withinMs: Millis;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** An agent that opens a new connection for each request. */
export const freshAgent = (): Agent => new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
/** An agent that keeps its connections and uses them again. */
export const stickyAgent = (): Agent =>
  new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 400 });

/** One HTTP exchange by address with a Host header, so that name resolution stays ours. Rejects with `code` set when there was no answer. */
export function ask(agent: Agent, question: Question, clock: Clock): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const body = question.body === undefined ? undefined : JSON.stringify(question.body);
  const sent = request({
    agent,
    host: question.address,
    port: question.port,
    method: question.method,
    path: question.path,
    headers: {
      host: question.host,
      ...(question.token === undefined ? {} : { authorization: `Bearer ${question.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    },
  });
  // A timer of the clock: an abort signal would cost as much as the exchange itself.
  const { withinMs } = question;
  const deadline = clock.every(clock.now() + withinMs, withinMs, () => {
    const late = Object.assign(new Error(`no answer within ${withinMs} ms`), { code: "TIMEOUT" });
    reject(late);
    sent.destroy(late);
  });
  sent.on("response", (response: IncomingMessage) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part: string) => {
      text += part;
    });
    response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    response.on("error", reject);
  });
  sent.on("error", reject);
  sent.on("close", () => {
    deadline[Symbol.dispose]();
    reject(Object.assign(new Error("closed without an answer"), { code: "CLOSED" }));
  });
  sent.end(body);
  return promise;
}

/** The shortest true name of what went wrong: a system or SQL code, or the message. */
export const codeOf = (error: unknown): string => {
  if (error instanceof Error) {
    if (error.name === "AbortError" || error.name === "TimeoutError") return "TIMEOUT";
    if ("code" in error && typeof error.code === "string") return error.code;
    return error.message;
  }
  return String(error);
};
