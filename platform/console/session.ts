import type { Context as Request } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { nowMs } from "../clock.ts";
import type { Context } from "../control-plane/context.ts";
import { type Caller, callerById } from "../control-plane/tokens.ts";

/** Somebody who may look at pages. */
export type User = Exclude<Caller, { readonly role: "reconciler" }>;

const cookie = "session";
/** A shift, with some time over. */
const lastsMs = 12 * 3_600_000;

/** The cookie names a token and a time, under a signature: it holds no secret, and a revoked token ends it at once. */
export async function beginSession(context: Context, request: Request, user: User): Promise<void> {
  const value = `${user.id} ${Math.round(nowMs() + lastsMs)}`;
  await setSignedCookie(request, cookie, value, context.config.token, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: new URL(request.req.url).protocol === "https:",
    maxAge: lastsMs / 1_000,
  });
}

export async function userOf(context: Context, request: Request): Promise<User | undefined> {
  const value = await getSignedCookie(request, context.config.token, cookie);
  if (!value) return undefined;
  const [id = "", untilMs] = value.split(" ");
  const caller = Number(untilMs) > nowMs() ? callerById(context, id) : undefined;
  return caller?.role === "reconciler" ? undefined : caller;
}

export function endSession(request: Request): void {
  deleteCookie(request, cookie, { path: "/" });
}
