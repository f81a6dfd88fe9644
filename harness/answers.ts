import { connect } from "node:net";

/**
 * Whether whoever listens at an address says anything to a request line. Silence is no answer, and neither is a finished handshake: the
 * kernel completes those for a frozen process.
 */
export function answers(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, signal });
  socket.on("connect", () => socket.write(`GET /ping HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
  socket.on("data", () => resolve(true));
  socket.on("error", () => resolve(false));
  socket.on("close", () => resolve(false));
  return promise.finally(() => socket.destroy());
}
