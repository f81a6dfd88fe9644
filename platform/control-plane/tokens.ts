import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Context } from "./context.ts";

export type Role = "operator" | "viewer";

/** A token as it is kept: by its hash, so that the store gives none away. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly sha256: string;
}

/** Who asks. `root` holds the configured token; a reconciler holds the key of its one cluster. */
export type Caller =
  | { readonly role: "root" | Role; readonly id: string; readonly name: string }
  | { readonly role: "reconciler"; readonly cluster: string };

export const root: Caller = { role: "root", id: "root", name: "the configured token" };

/** A new token, whose secret is told this once. 32 random bytes need no slow hash: nobody can guess them. */
export function createToken({ store }: Context, { name, role }: { name: string; role: Role }) {
  const secret = `cp_${randomBytes(32).toString("base64url")}`;
  const token: ApiToken = { id: randomUUID(), name, role, created_at: new Date().toISOString(), sha256: hash(secret) };
  store.putToken(token);
  return { ...withoutHash(token), token: secret };
}

export const withoutHash = ({ sha256: _, ...told }: ApiToken) => told;

/** Whose secret this is, or undefined when it is nobody's. */
export function callerOf({ config, store }: Context, secret: string): Caller | undefined {
  if (same(secret, config.token)) return root;
  const token = store.tokens().find(({ sha256 }) => same(sha256, hash(secret)));
  if (token !== undefined) return { role: token.role, id: token.id, name: token.name };
  const cluster = store.clusters().find(({ id }) => same(store.key(id) ?? "", secret));
  return cluster === undefined ? undefined : { role: "reconciler", cluster: cluster.id };
}

/** The caller whose token has this id, unless it was revoked since. */
export function callerById({ store }: Context, id: string): Caller | undefined {
  if (id === "root") return root;
  const token = store.tokens().find((known) => known.id === id);
  return token === undefined ? undefined : { role: token.role, id, name: token.name };
}

const hash = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Compares in a time that tells nothing, hashes being of one length. */
function same(one: string, other: string): boolean {
  return one !== "" && timingSafeEqual(Buffer.from(hash(one)), Buffer.from(hash(other)));
}
