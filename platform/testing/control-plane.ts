import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "@kubernetes/client-node";

export interface SeenReport {
  readonly region: string;
  readonly applied: string | null;
  readonly deployments: readonly { readonly name: string; readonly ready: boolean }[];
  readonly problems: readonly string[];
}

/** A control plane of one manifest, whose reports can be waited for. */
export interface StubControlPlane extends AsyncDisposable {
  readonly url: string;
  /** Publishes the objects under a new tag and gives the tag. */
  publish(objects: readonly KubernetesObject[]): string;
  /** The first report, from now on, that is as wanted. */
  reported(wanted: (report: SeenReport) => boolean): Promise<SeenReport>;
}

export async function stubControlPlane(): Promise<StubControlPlane> {
  let version = 0;
  let body = "";
  let changed = Promise.withResolvers<void>();
  const listeners = new Set<(report: SeenReport) => void>();
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const report: SeenReport = JSON.parse(await textOf(request));
      for (const listener of listeners) listener(report);
      response.writeHead(204).end();
      return;
    }
    if (request.headers["if-none-match"] === tag()) await changed.promise;
    response.writeHead(200, { etag: tag() }).end(body);
  });
  const tag = () => `"${version}"`;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish(objects) {
      version += 1;
      body = JSON.stringify({ objects });
      changed.resolve();
      changed = Promise.withResolvers();
      return tag();
    },
    reported(wanted) {
      return new Promise((resolve) => {
        const listener = (report: SeenReport) => {
          if (!wanted(report)) return;
          listeners.delete(listener);
          resolve(report);
        };
        listeners.add(listener);
      });
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
