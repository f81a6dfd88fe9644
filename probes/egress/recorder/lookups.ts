import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { isIP } from "node:net";
import { type Attempts, endOf } from "./attempts.ts";
import { quietly } from "./quietly.ts";

const resolving = [
  ...["resolve", "resolve4", "resolve6", "resolveAny", "resolveCaa", "resolveCname", "resolveMx", "resolveNaptr"],
  ...["resolveNs", "resolvePtr", "resolveSoa", "resolveSrv", "resolveTxt"],
];

type Call = (this: unknown, ...given: unknown[]) => unknown;

/** Sees each name that this process looks up, through the system or through a resolver of its own. */
export function watchLookups(attempts: Attempts): Disposable {
  const undo: (() => void)[] = [];
  const wrap = (owner: object, name: string, style: (call: Call) => Call): void => {
    const call: unknown = Reflect.get(owner, name);
    if (typeof call !== "function") return;
    const watched = style(call as Call);
    Object.defineProperty(watched, "name", { value: name });
    // Promisified forms and other marks stay.
    for (const symbol of Object.getOwnPropertySymbols(call))
      Object.defineProperty(watched, symbol, Object.getOwnPropertyDescriptor(call, symbol) ?? {});
    Reflect.set(owner, name, watched);
    undo.push(() => Reflect.set(owner, name, call));
  };
  for (const owner of [dns, dns.Resolver.prototype])
    for (const name of ["lookup", ...resolving]) wrap(owner, name, (call) => withCallback(call, attempts));
  for (const owner of [dns.promises, dns.promises.Resolver.prototype])
    for (const name of ["lookup", ...resolving]) wrap(owner, name, (call) => withPromise(call, attempts));
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      for (const one of undo) one();
      syncBuiltinESMExports();
    },
  };
}

/** An address needs no look-up: Node asks for one all the same when it listens there. */
const beginOf = (attempts: Attempts, [host]: readonly unknown[], above: unknown) =>
  typeof host === "string" && isIP(host) === 0 ? attempts.begin("dns", { host }, above) : undefined;

const withCallback = (call: Call, attempts: Attempts): Call =>
  function watched(...given) {
    const last = given.length - 1;
    const answer = given[last];
    if (typeof answer !== "function") return Reflect.apply(call, this, given);
    const attempt = quietly(() => beginOf(attempts, given, watched));
    if (attempt === undefined) return Reflect.apply(call, this, given);
    const heard = function heard(this: unknown, error: unknown, ...more: unknown[]): unknown {
      quietly(() => (error ? attempt.end(endOf(error), error) : attempt.end("ok")));
      return Reflect.apply(answer, this, [error, ...more]);
    };
    return Reflect.apply(call, this, given.with(last, heard));
  };

const withPromise = (call: Call, attempts: Attempts): Call =>
  function watched(...given) {
    const attempt = quietly(() => beginOf(attempts, given, watched));
    const answer = Reflect.apply(call, this, given);
    if (attempt !== undefined && answer instanceof Promise)
      answer.then(
        () => attempt.end("ok"),
        (error: unknown) => attempt.end(endOf(error), error),
      );
    return answer;
  };
