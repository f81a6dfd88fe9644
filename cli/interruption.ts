import { Interrupted } from "../harness/errors.ts";

export interface Interruption extends Disposable {
  /** Aborted with `Interrupted` at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly happened: Promise<Interrupted>;
}

/** The first Ctrl-C asks for an orderly end; the second leaves at once, and the lab's supervisor heals what is broken. */
export function interruption(say: (line: string) => void = (line) => console.error(line)): Interruption {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Interrupted>();
  const hear = (name: "SIGINT" | "SIGTERM") => (): void => {
    if (controller.signal.aborted) {
      say("gameday: leaving at once; the lab's supervisor heals and removes everything within 15 s");
      process.exit(name === "SIGINT" ? 130 : 143);
    }
    say(`gameday: ${name}: healing, then reporting what is known; once more leaves at once`);
    const interrupted = new Interrupted(name);
    controller.abort(interrupted);
    resolve(interrupted);
  };
  const listeners = { SIGINT: hear("SIGINT"), SIGTERM: hear("SIGTERM") };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return {
    signal: controller.signal,
    happened: promise,
    [Symbol.dispose]: () => {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    },
  };
}
