import { randomUUID } from "node:crypto";
import { dagRoutes } from "./api/dags.ts";
import type { Deployment } from "./api/deployment.ts";
import { executionRoutes } from "./api/execution.ts";
import { jobRoutes } from "./api/jobs.ts";
import { metricsOf } from "./api/metrics.ts";
import { monitorRoutes } from "./api/monitor.ts";
import { variableRoutes } from "./api/variables.ts";
import { openDatabase } from "./database.ts";
import { serve } from "./http/server.ts";
import { logsOf } from "./logs.ts";
import { scheduleOf } from "./schedule.ts";
import { startScheduler } from "./scheduler.ts";
import { ensureSchema } from "./schema.ts";
import { readSettings } from "./settings.ts";

/** What a container is told by whoever runs it. */
export interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly podIp: string;
  readonly ports: readonly number[];
}

/**
 * One Airflow deployment in one pod: API server and scheduler. Many may share a process.
 * It listens at once and is ready when its scheduler has seen the database for the first time.
 */
export async function start({ env, podIp, ports: [port = 8080] }: Container) {
  const settings = readSettings(env);
  const stack = new AsyncDisposableStack();
  try {
    const opened = stack.use(
      openDatabase({
        url: settings.DATABASE_URL,
        schema: settings.DATABASE_SCHEMA,
        poolSize: settings.DATABASE_POOL_SIZE,
        withinMs: settings.DATABASE_WITHIN_MS,
      }),
    );
    const { database, routes: metricsRoutes } = metricsOf(opened);
    const schedule = scheduleOf(database, settings, { id: randomUUID(), hostname: podIp });
    let made = false;
    const scheduler = stack.use(
      startScheduler({
        schedule: {
          async fill() {
            if (!made) await ensureSchema(database);
            made = true;
            await schedule.fill();
          },
          requeueLost: schedule.requeueLost,
        },
        everyMs: settings.SCHEDULER_EVERY_MS,
        checkEveryMs: settings.HEARTBEAT_CHECK_EVERY_MS,
      }),
    );
    const deployment: Deployment = { settings, database, logs: logsOf(settings), wakeScheduler: scheduler.wake };
    const api = [monitorRoutes, executionRoutes, variableRoutes, dagRoutes, jobRoutes].flatMap((of) => of(deployment));
    const routes = [...metricsRoutes, ...api];
    stack.use(await serve({ host: podIp, port, token: settings.API_TOKEN, routes }));
    const running = stack.move();
    return { ready: () => scheduler.ready(), stop: () => running.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
