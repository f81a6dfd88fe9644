import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { problem, Refused } from "./refused.ts";
import { type Reply, type Route, routerOf } from "./router.ts";

const bodyLimitBytes = 1024 * 1024;
const noQuery = new URLSearchParams();

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly routes: readonly Route[];
}

/** Serves the routes on plain `node:http`: this is the path of every task's heartbeat, so nothing stands between socket and route. */
export async function serve({ host, port, token, routes }: HttpOptions): Promise<AsyncDisposable> {
  const find = routerOf(routes);
  const authorization = `Bearer ${token}`;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  // Longer than any proxy in front keeps an idle connection, so that it is the proxy that closes.
  server.keepAliveTimeout = 75_000;
  await listen(server, host, port);
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const cut = url.indexOf("?");
    const found = find(method, cut < 0 ? url : url.slice(0, cut));
    let reply: Reply;
    if (!("route" in found)) {
      request.resume();
      reply = found.length === 0 ? problem(404, `no such path: ${url}`) : problem(405, `use ${found.join(" or ")}`);
    } else if (found.route.open === undefined && request.headers.authorization !== authorization) {
      request.resume();
      reply = problem(401, "the Authorization header must carry this deployment's bearer token");
    } else {
      try {
        const body = method === "GET" || method === "DELETE" ? "" : await readBody(request);
        const query = cut < 0 ? noQuery : new URLSearchParams(url.slice(cut + 1));
        reply = await found.route.answer({
          params: found.params,
          query,
          body,
          isGone: () => response.destroyed || request.socket.readableEnded,
        });
      } catch (error) {
        reply = refusal(error);
      }
    }
    send(response, reply);
  }
}

function send(response: ServerResponse, { status, body, type: textType = "text/plain" }: Reply): void {
  if (response.destroyed) return;
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? textType : status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

/** PostgreSQL calls its class 22 "data exception": the caller's fault. Everything else that fails below us is an outage. */
function refusal(error: unknown): Reply {
  if (error instanceof Refused) return problem(error.status, error.message);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  return code.startsWith("22")
    ? problem(400, message)
    : problem(503, `a store behind this deployment failed: ${message}`);
}

/** Events, because an iterator over the request takes several times as long as the few bytes of a heartbeat are worth. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    let lengthBytes = 0;
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      lengthBytes += Buffer.byteLength(part);
      if (lengthBytes <= bodyLimitBytes) text += part;
      else reject(new Refused(413, `a body may have ${bodyLimitBytes} bytes at most`));
    });
    request.on("end", () => resolve(text));
    request.on("error", reject);
    request.on("close", () => reject(new Error("the caller went away before its body had come")));
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, 1024, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
