import { EnvironmentTrouble, GamedayError } from "./errors.ts";
import type { Actor, Run, Started } from "./types.ts";

/** Starts actors in order and stops them in reverse. When one cannot start, those that did are stopped and its error goes on. */
export async function startAll(
  actors: readonly Actor[],
  run: Run,
): Promise<AsyncDisposable & { readonly started: readonly Started[] }> {
  await using stack = new AsyncDisposableStack();
  const started: Started[] = [];
  for (const actor of actors) {
    const one = await actor.start(run).catch((cause: unknown) => {
      run.signal.throwIfAborted();
      if (cause instanceof GamedayError) throw cause;
      throw new EnvironmentTrouble(
        `the ${actor.role} ${actor.name} could not start: ${cause instanceof Error ? cause.message : String(cause)}`,
        { hint: "run `gameday doctor`, and look at what it needs with `gameday lab up`", cause },
      );
    });
    stack.use(one);
    started.push(one);
  }
  const kept = stack.move();
  return { started, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
