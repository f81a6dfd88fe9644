import { randomBytes } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono, type MiddlewareHandler, type Context as Request } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { pause } from "../clock.ts";
import { abandonRegion, changeCluster } from "../control-plane/changes.ts";
import { readCluster } from "../control-plane/clusters.ts";
import type { Context } from "../control-plane/context.ts";
import { Problem } from "../control-plane/problem.ts";
import { protectionOf, secondaryCandidates } from "../control-plane/protection.ts";
import { callerOf } from "../control-plane/tokens.ts";
import { asked } from "./availability.ts";
import { clusterPage, partsOf, saidOf } from "./cluster-page.ts";
import { confirmPage } from "./confirm-page.ts";
import { framed } from "./frame.ts";
import { listPage, refusedPage, signInPage } from "./plain-pages.ts";
import { beginSession, endSession, type User, userOf } from "./session.ts";
import { viewsOf } from "./views.ts";
import { type Piece, plainly } from "./words.ts";

type Signed = { readonly Variables: { readonly user: User } };

/** How often a page that is open is brought up to date. */
const liveEveryMs = 500;
const maxBodyBytes = 10_000;

/** The web page: signing in, the clusters, one cluster live, and a confirmation before each change. */
export function addConsole(api: OpenAPIHono, context: Context): void {
  const viewOf = viewsOf(context);
  const careful = [csrf(), bodyLimit({ maxSize: maxBodyBytes })] as const;
  const open = new Hono();
  open.use("/sign-in", ...careful);
  open.use("/sign-out", ...careful);
  open.onError(refuse);
  open.get("/sign-in", (c) => page(c, "Sign in", signInPage()));
  open.post("/sign-in", async (c) => {
    const { token } = await c.req.parseBody();
    const caller = typeof token === "string" ? callerOf(context, token.trim()) : undefined;
    if (caller === undefined)
      return page(c, "Sign in", signInPage("This token is not known here, or was revoked."), 401);
    if (caller.role === "reconciler") {
      return page(c, "Sign in", signInPage("This is the key of a cluster's reconcilers: it opens no page."), 403);
    }
    await beginSession(context, c, caller);
    return c.redirect("/", 303);
  });
  open.post("/sign-out", (c) => {
    endSession(c);
    return c.redirect("/sign-in", 303);
  });

  const signed = new Hono<Signed>();
  signed.onError(refuse);
  const known: MiddlewareHandler<Signed> = async (c, next) => {
    const user = await userOf(context, c);
    if (user === undefined) return c.redirect("/sign-in", 303);
    c.set("user", user);
    return next();
  };
  signed.use("/", known);
  signed.use("/clusters/*", ...careful, known);
  signed.get("/", (c) => {
    const clusters = context.store
      .clusters()
      .map((cluster) => ({ cluster, protection: protectionOf(context, cluster) }));
    return page(c, "Clusters", listPage(clusters));
  });
  signed.get("/clusters/:id", async (c) => {
    const view = await viewOf(readCluster(context, c.req.param("id")), c.var.user);
    return page(c, view.cluster.name, clusterPage(view), 200, `/clusters/${view.cluster.id}/live`);
  });
  signed.get("/clusters/:id/live", (c) => live(c, c.req.param("id")));
  signed.get("/clusters/:id/:action", async (c) => {
    const { title, piece } = await confirmation(c, c.req.param());
    return page(c, title, piece);
  });
  signed.post("/clusters/:id/:action", async (c) => {
    const { id, action: name } = c.req.param();
    const { typed, region } = await c.req.parseBody();
    const { action, title, piece } = await confirmation(c, { id, action: name }, `This is not the name: type ${id}.`);
    if (typed !== id) return page(c, title, piece, 422);
    if (action.whyNot !== undefined) throw new Problem(409, "not-available", action.whyNot);
    const { change, abandon } = asked(readCluster(context, id), action.name, String(region ?? ""));
    if (change !== undefined) await changeCluster(context, id, change);
    else abandonRegion(context, id, abandon);
    return c.redirect(`/clusters/${id}`, 303);
  });
  api.route("/", open);
  api.route("/", signed);

  async function confirmation(c: Request<Signed>, at: { id: string; action: string }, fault?: string) {
    const cluster = readCluster(context, at.id);
    const { actions } = await viewOf(cluster, c.var.user);
    const action = actions.find(({ name }) => name === at.action);
    if (action === undefined) {
      const choices = actions.map(({ title }) => title).join(", ");
      throw new Problem(404, "no-such-action", `This cannot be asked of ${at.id} as it is now; there is: ${choices}.`);
    }
    const candidates = action.name === "protect" ? secondaryCandidates(context, cluster) : [];
    return { action, title: action.title, piece: confirmPage({ cluster: at.id, action, candidates, fault }) };
  }

  /** Sends each part of the page whenever it is another than before, until the browser leaves or may look no longer. */
  function live(c: Request<Signed>, id: string): Response {
    const sent = new Map<string, string>();
    const { signal } = c.req.raw;
    const closing = context.patience.signal;
    return streamSSE(c, async (stream) => {
      const tell = async (event: string, key: string, value: string, data = value) => {
        if (sent.get(key) === value) return;
        sent.set(key, value);
        await stream.writeSSE({ event, data });
      };
      while (!signal.aborted && !stream.aborted && closing?.aborted !== true) {
        const [cluster, user] = [context.store.cluster(id), await userOf(context, c)];
        if (cluster === undefined || user === undefined) return stream.writeSSE({ event: "gone", data: "" });
        const view = await viewOf(cluster, user);
        for (const [part, piece] of Object.entries(partsOf(view))) {
          const html = String(await piece);
          await tell("part", part, html, JSON.stringify({ id: part, html }));
        }
        await tell("said", "announcement", saidOf(view));
        await pause(liveEveryMs, closing);
      }
    });
  }
}

async function page(
  c: Request,
  title: string,
  body: Piece,
  status: 200 | 401 | 403 | 404 | 409 | 413 | 422 | 500 | 503 = 200,
  live?: string,
) {
  const nonce = randomBytes(16).toString("base64");
  c.header(
    "content-security-policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "same-origin");
  c.header("x-content-type-options", "nosniff");
  const user: User | undefined = c.get("user");
  const frame = { title, nonce, body, ...(user === undefined ? {} : { name: user.name }) };
  return c.html(framed(live === undefined ? frame : { ...frame, live }), status);
}

function refuse(error: Error, c: Request) {
  if (error instanceof Problem)
    return page(
      c,
      "Not possible",
      refusedPage("This is not possible", plainly(error.message)),
      pageStatus(error.status),
    );
  if (error instanceof HTTPException && error.status === 403) {
    return page(
      c,
      "Refused",
      refusedPage("Refused", "This form did not come from this page. Open the page and ask again."),
      403,
    );
  }
  if (error instanceof HTTPException && error.status === 413) {
    return page(c, "Too large", refusedPage("Too large", "What was sent is larger than any form here."), 413);
  }
  return page(
    c,
    "Trouble",
    refusedPage("Something broke here", `${error.message}. Nothing was promised: look, then ask again.`),
    500,
  );
}

const pageStatus = (status: Problem["status"]) =>
  status === 404 || status === 409 || status === 422 || status === 503 ? status : 500;
