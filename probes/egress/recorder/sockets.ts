import { type EventEmitter, errorMonitor } from "node:events";
import { Socket } from "node:net";
import { type Attempts, endOf } from "./attempts.ts";
import { quietly } from "./quietly.ts";

interface Target {
  readonly host: string;
  readonly port: number;
}

/** Sees each connection that a socket of this process tries to make, those of TLS and of every HTTP client among them. */
export function watchSockets(attempts: Attempts, onPath: (path: string) => void): Disposable {
  const { connect } = Socket.prototype;
  const watched = function watched(this: Socket, ...given: unknown[]): Socket {
    quietly(() => {
      const target = targetOf(given);
      if (typeof target === "string") onPath(target);
      else if (target !== undefined) follow(this, target, attempts, watched);
    });
    return Reflect.apply(connect, this, given);
  };
  Socket.prototype.connect = watched;
  return {
    [Symbol.dispose]() {
      Socket.prototype.connect = connect;
    },
  };
}

/** `connect(port, host)`, `connect(path)` or `connect({ … })`; Node's own callers give the options in a list. A path is no place elsewhere. */
function targetOf([first, second]: readonly unknown[]): Target | string | undefined {
  const given: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof given === "object" && given !== null) {
    const { path, host, port } = given as { path?: unknown; host?: unknown; port?: unknown };
    if (typeof path === "string") return path;
    return { host: host ? String(host) : "localhost", port: Number(port) };
  }
  if (typeof given === "number" || (typeof given === "string" && /^\d+$/.test(given)))
    return { host: typeof second === "string" ? second : "localhost", port: Number(given) };
  return typeof given === "string" ? given : undefined;
}

function follow(socket: Socket, target: Target, attempts: Attempts, above: unknown): void {
  const attempt = attempts.begin("socket", target, above);
  if (attempt === undefined) return;
  const tried = (address: string): void => attempt.learn({ address });
  const connected = (): void => {
    over();
    attempt.end("ok");
  };
  const failed = (error: unknown): void => {
    over();
    attempt.end(endOf(error), error);
  };
  const closed = (): void => failed({ code: "CLOSED" });
  // Hearing of errors in this way leaves them unhandled where the program does not handle them.
  const emitter: EventEmitter = socket;
  const over = (): void => {
    emitter.off("connectionAttempt", tried).off("connect", connected).off(errorMonitor, failed).off("close", closed);
  };
  emitter.on("connectionAttempt", tried).on("connect", connected).on(errorMonitor, failed).on("close", closed);
}
