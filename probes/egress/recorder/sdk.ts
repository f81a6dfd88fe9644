import { type Attempts, endOf } from "./attempts.ts";
import { quietly } from "./quietly.ts";
import { attemptOf, signedFor } from "./signature.ts";

/** What is used here of a client of the AWS SDK for JavaScript, version 3, whichever copy of it this process has loaded. */
interface Client {
  readonly middlewareStack: {
    add(middleware: Middleware, options: object): void;
    remove(name: string): boolean;
  };
  /** Handlers that were made before, without what is added here. */
  handlers?: unknown;
}
type Handler = (args: { request?: unknown }) => Promise<unknown>;
type Middleware = (next: Handler, context: { commandName?: string; clientName?: string }) => Handler;

/** Sees each try of each call of SDK clients. */
export interface SdkWatch extends Disposable {
  /** From now on, calls of this client are seen. */
  watch(client: unknown): void;
  /** From now on, calls of all clients of this class, or of any that is made like it, are seen. */
  watchClass(one: unknown): void;
}

const whereName = "egressWhere";
const seenName = "egressSeen";

export function watchSdk(attempts: Attempts): SdkWatch {
  const watched = new Set<WeakRef<Client>>();
  const known = new WeakSet<object>();
  const undo: (() => void)[] = [];
  let isOver = false;

  /** Runs within `send`, so that this moment's stack is that of whoever called it. */
  const where: Middleware = (next) => {
    const handler: Handler = (args) => (isOver ? next(args) : attempts.fromHere(() => next(args), handler));
    return handler;
  };
  /** Closest to the wire: it sees every retry, and the request as it was signed. */
  const seen: Middleware = (next, context) => async (args) => {
    const attempt = isOver ? undefined : quietly(() => attempts.begin("sdk", destinationOf(args.request, context)));
    if (attempt === undefined) return next(args);
    try {
      const result = await attempt.during(() => next(args));
      const { statusCode: status } = Object(Object(result).response);
      attempt.learn(typeof status === "number" ? { status } : {});
      attempt.end("ok");
      return result;
    } catch (error) {
      attempt.end(endOf(error), error);
      throw error;
    }
  };

  function watch(client: unknown): void {
    if (!isClient(client) || known.has(client)) return;
    known.add(client);
    watched.add(new WeakRef(client));
    client.middlewareStack.add(where, { step: "initialize", name: whereName, priority: "high", override: true });
    client.middlewareStack.add(seen, { step: "deserialize", name: seenName, priority: "low", override: true });
    delete client.handlers;
  }

  return {
    watch: (client) => void (isOver || quietly(() => watch(client))),
    watchClass(one) {
      const owner = ownerOfSend(one);
      if (owner === undefined || known.has(owner)) return;
      known.add(owner);
      const { send } = owner;
      owner.send = function watchedSend(this: unknown, ...given: unknown[]): unknown {
        if (!isOver) quietly(() => watch(this));
        return Reflect.apply(send, this, given);
      };
      undo.push(() => {
        owner.send = send;
      });
    },
    [Symbol.dispose]() {
      isOver = true;
      for (const one of undo) one();
      for (const one of watched) {
        const client = one.deref();
        client?.middlewareStack.remove(whereName);
        client?.middlewareStack.remove(seenName);
        if (client !== undefined) delete client.handlers;
      }
    },
  };
}

const isClient = (one: unknown): one is Client => typeof Object(one).middlewareStack?.add === "function";

/** The prototype that clients of this class have their `send` from. */
function ownerOfSend(one: unknown): { send: (...given: unknown[]) => unknown } | undefined {
  for (let at: unknown = Object(one).prototype; at; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, "send")) return at as { send: (...given: unknown[]) => unknown };
  return undefined;
}

function destinationOf(request: unknown, { commandName, clientName }: { commandName?: string; clientName?: string }) {
  const { hostname, port, protocol, headers = {} } = Object(request);
  const signed = signedFor(headers["authorization"], headers["x-amz-region-set"]);
  return {
    host: String(hostname),
    port: Number(port ?? (protocol === "http:" ? 80 : 443)),
    ...signed,
    // A call that needs no signature still has its client's name.
    ...(signed.service === undefined && clientName ? { service: clientName.replace(/Client$/, "").toLowerCase() } : {}),
    ...(commandName ? { operation: commandName.replace(/Command$/, "") } : {}),
    ...attemptOf(headers["amz-sdk-request"]),
  };
}
