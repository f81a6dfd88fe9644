import type { OpenAPIHono } from "@hono/zod-openapi";

const description = `
One cluster lives in one region, or in two: \`dr_region\` is where else it can live, \`is_failed_over\` whether it was asked there.
Setting a flag only writes the record and begins an **operation**, whose steps can be followed at its own address (202, \`Location\`).
A step that cannot go on stays \`running\` with its reason in \`detail\`, and resumes when the cause is gone.

Send a bearer token with each request. The configured token may do everything, and creates others: an \`operator\` may change clusters, a
\`viewer\` may read. Every refusal is a problem document (RFC 9457) whose \`detail\` says what is wrong and how to go on; nothing has changed then.
`.trim();

/** Serves the description of everything that was added with \`openapi\`, at \`/openapi.json\`. */
export function serveDocument(api: OpenAPIHono): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  api.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Control plane",
      version: "1.0.0",
      description,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    tags: [
      { name: "clusters", description: "Clusters in one region or two: create, protect, fail over, fail back." },
      { name: "operations", description: "How far something is that takes a while." },
      { name: "deployments", description: "The Airflow deployments of a cluster." },
      { name: "reconcilers", description: "What the clusters' own reconcilers call." },
      { name: "tokens", description: "Who may call this API." },
    ],
  });
}
