import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Agent, type ClientRequest } from "node:http";
import { type Attempt, type Attempts, endOf } from "./attempts.ts";
import type { Destination } from "./lines.ts";
import { quietly } from "./quietly.ts";
import { attemptOf, signedFor } from "./signature.ts";

/** Requests carry what belongs to them: a weak map of so many would cost the garbage collector more than all else here. */
const mark = Symbol("gameday.egress");
const portMark = Symbol("gameday.egress.port");
interface Marked {
  [mark]?: Attempt;
  [portMark]?: unknown;
}
interface Message {
  readonly request: Marked;
  readonly response?: { readonly statusCode?: number };
  readonly error?: unknown;
}
type Hear = (message: Message, above: unknown) => void;

/** Sees each HTTP request, over kept connections too: those of `node:http` and of undici, which `fetch` is. */
export function watchRequests(attempts: Attempts): Disposable {
  const begin = (request: Marked, destination: Destination, above: unknown): void => {
    const attempt = attempts.begin("http", destination, above);
    if (attempt !== undefined) request[mark] = attempt;
  };
  const fail: Hear = ({ request, error }) => request[mark]?.end(endOf(error), error);
  const channels: Readonly<Record<string, Hear>> = {
    "http.client.request.created": ({ request }, above) => begin(request, ofNode(request as ClientRequest), above),
    "http.client.response.finish": ({ request, response }) =>
      answered(request[mark], { ...peerOf(request as ClientRequest), ...statusOf(response) }),
    "http.client.request.error": fail,
    "undici:request:create": ({ request }, above) => begin(request, ofUndici(request), above),
    "undici:request:headers": ({ request, response }) => answered(request[mark], statusOf(response)),
    "undici:request:error": fail,
  };
  const listeners = Object.entries(channels).map(([name, hear]) => {
    const listener = (message: unknown): void => void quietly(() => hear(message as Message, listener));
    subscribe(name, listener);
    return [name, listener] as const;
  });
  const returnAgent = watchPorts();
  const { fetch } = globalThis;
  // What fetch does, it does later: who called it is known only now.
  const watched: typeof fetch = (...given) => attempts.fromHere(() => fetch(...given), watched);
  globalThis.fetch = Object.defineProperty(watched, "name", { value: "fetch" });
  return {
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) unsubscribe(name, listener);
      returnAgent();
      if (globalThis.fetch === watched) globalThis.fetch = fetch;
    },
  };
}

function answered(attempt: Attempt | undefined, found: Destination): void {
  attempt?.learn(found);
  attempt?.end("ok");
}

/** A request does not know its port, only its agent is told: its `Host` header may say anything. */
function watchPorts(): () => void {
  const owner: object = Agent.prototype;
  const addRequest: unknown = Reflect.get(owner, "addRequest");
  if (typeof addRequest !== "function") return () => undefined;
  Reflect.set(owner, "addRequest", function watched(this: unknown, ...given: [Marked, { port?: unknown }?]): unknown {
    quietly(() => {
      const [request, options] = given;
      request[portMark] = options?.port;
    });
    return Reflect.apply(addRequest, this, given);
  });
  return () => void Reflect.set(owner, "addRequest", addRequest);
}

function ofNode(request: ClientRequest & Marked): Destination {
  return {
    host: request.host,
    port: Number(request[portMark] ?? (request.protocol === "https:" ? 443 : 80)),
    ...signedFor(request.getHeader("authorization"), request.getHeader("x-amz-region-set")),
    ...attemptOf(request.getHeader("amz-sdk-request")),
  };
}

const peerOf = ({ socket }: ClientRequest): Destination =>
  socket?.remoteAddress === undefined ? {} : { address: socket.remoteAddress };

const statusOf = (response: Message["response"]): Destination =>
  response?.statusCode === undefined ? {} : { status: response.statusCode };

/** The documented part of what undici publishes: `origin`, and headers as a list of names and values. */
function ofUndici(request: object): Destination {
  const { origin, headers } = request as { origin?: unknown; headers?: unknown };
  const { hostname, port, protocol } = new URL(String(origin));
  const signature = Array.isArray(headers) ? headers[headers.indexOf("authorization") + 1] : undefined;
  return {
    host: hostname,
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    ...signedFor(signature),
  };
}
