import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { OpenMetricsContentType } from "prom-client";
import { Registry } from "prom-client";

/** The port at which a plugin's telemetry is read, unless it has reasons for another. */
export const telemetryPort = 9090;

/** A line of a plugin's log, as it is kept and shipped. */
export interface LogLine {
  readonly at: string;
  readonly by: string;
  readonly event: string;
  readonly [detail: string]: unknown;
}
/** A plugin's metrics at `/metrics`, as OpenMetrics, and its latest log lines at `/logs?after=N`, as NDJSON with each line's number. */
export interface Telemetry extends AsyncDisposable {
  readonly registry: Registry<OpenMetricsContentType>;
  readonly url: string;
  log(event: string, detail?: Readonly<Record<string, unknown>>): void;
}

const keptLines = 1_000;

export async function serveTelemetry(
  by: string,
  { podIp, ports: [port = telemetryPort] }: { readonly podIp: string; readonly ports: readonly number[] },
  pages: Readonly<Record<string, () => Promise<{ type: string; text: string }>>> = {},
): Promise<Telemetry> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const lines: { number: number; line: LogLine }[] = [];
  let number = 0;
  const logsAfter = (after: number) =>
    lines.filter((one) => one.number > after).map((one) => `${JSON.stringify({ number: one.number, ...one.line })}\n`);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://plugin");
    try {
      const page = pages[pathname];
      if (page !== undefined) {
        const { type, text } = await page();
        response.writeHead(200, { "content-type": type }).end(text);
      } else if (pathname === "/metrics") {
        response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
      } else if (pathname === "/logs") {
        response
          .writeHead(200, { "content-type": "application/x-ndjson" })
          .end(logsAfter(Number(searchParams.get("after") ?? 0)).join(""));
      } else response.writeHead(404).end();
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  server.keepAliveTimeout = 75_000;
  server.listen(port, podIp);
  await once(server, "listening");
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    registry,
    url: `http://${address}:${bound}`,
    log(event, detail = {}) {
      number++;
      lines.push({ number, line: { at: new Date().toISOString(), by, event, ...detail } });
      if (lines.length > keptLines) lines.shift();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
