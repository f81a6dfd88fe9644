/** One class per remedy, each with a stable code; the command line maps them to exit codes. */
export class GamedayError extends Error {
  readonly code: string;
  readonly exitCode: number;
  /** What the reader can do about it. */
  readonly hint: string | undefined;
  constructor(
    code: string,
    exitCode: number,
    message: string,
    options: { hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
    this.hint = options.hint;
  }
}

/** The command, a flag or the configuration is wrong: mend it and run again. Nothing was started. */
export class UsageError extends GamedayError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super("E_USAGE", 2, message, options);
  }
}

/** The machine or the environment lacks something: the hint says how to get it. */
export class EnvironmentTrouble extends GamedayError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super("E_ENVIRONMENT", 4, message, options);
  }
}

/** The run stopped itself, because going on was not safe. */
export class SafetyStop extends GamedayError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super("E_SAFETY_STOP", 5, message, options);
  }
}

/** The fault could not be undone: somebody must act by hand, now. */
export class RollbackFailed extends GamedayError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super("E_ROLLBACK_FAILED", 6, message, options);
  }
}

/** Something did not become what was waited for in its time. */
export class NotYet extends GamedayError {
  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super("E_NOT_YET", 4, message, options);
  }
}

/** The user asked to stop. */
export class Interrupted extends GamedayError {
  constructor(signal: "SIGINT" | "SIGTERM") {
    super("E_INTERRUPTED", signal === "SIGINT" ? 130 : 143, `stopped by ${signal}`);
  }
}

/** A deed that certainly did not happen: recorded as `fail`. Any other error leaves it open, and is recorded as `info`. */
export class DidNotHappen extends Error {
  /** What was seen of it all the same, for the completion's value. */
  readonly seen: unknown;
  constructor(message: string, seen?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.name = "DidNotHappen";
    this.seen = seen;
  }
}
