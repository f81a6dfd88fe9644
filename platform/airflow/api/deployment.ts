import type { Database } from "../database.ts";
import type { Logs } from "../logs.ts";
import type { Settings } from "../settings.ts";

/** What every route of a deployment stands on. */
export interface Deployment {
  readonly settings: Settings;
  readonly database: Database;
  readonly logs: Logs;
  /** Tells the scheduler that a task has ended. */
  wakeScheduler(): void;
}
