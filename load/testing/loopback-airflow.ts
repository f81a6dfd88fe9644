interface Task {
  readonly id: string;
  readonly deployment: string;
  attempt: number;
  state: "queued" | "fetched" | "running" | "success";
  owner: string | undefined;
}

export interface Output {
  readonly id: string;
  readonly attempt: number;
  readonly worker: string;
}

/** A few task instances per deployment, handed out and taken back as Airflow's Edge and Task Execution APIs do. Kept in memory. */
export interface Airflow {
  handle(deployment: string, method: string, path: string, body: string): { status: number; json?: unknown };
  readonly outputs: Output[];
  readonly logs: string[];
  readonly heartbeats: { readonly id: string; readonly atMs: number }[];
  readonly userCalls: string[];
  /** What the scheduler does when it hears nothing of a task: every running one gets another try. */
  retryAll(): void;
}

export function loopbackAirflow(tasksPerDeployment: number, durationMs: number): Airflow {
  const tasks = new Map<string, Task>();
  const queues = new Map<string, { made: number; waiting: Task[] }>();
  const outputs: Output[] = [];
  const logs: string[] = [];
  const heartbeats: { id: string; atMs: number }[] = [];
  const userCalls: string[] = [];

  const queueOf = (deployment: string) => {
    const queue = queues.get(deployment) ?? { made: 0, waiting: [] };
    queues.set(deployment, queue);
    return queue;
  };
  const add = (deployment: string): void => {
    const queue = queueOf(deployment);
    queue.made += 1;
    const id = `${deployment}:${queue.made}`;
    const task: Task = { id, deployment, attempt: 1, state: "queued", owner: undefined };
    tasks.set(id, task);
    queue.waiting.push(task);
  };
  const claims = new Map<string, Task>();
  const fetch = (deployment: string, worker: string) => {
    const queue = queueOf(deployment);
    while (queue.made < tasksPerDeployment) add(deployment);
    // A worker whose answer was lost is given the same task again.
    const claimed = claims.get(worker);
    const task = claimed?.state === "fetched" ? claimed : queue.waiting.shift();
    if (task === undefined) return { status: 204 };
    task.state = "fetched";
    claims.set(worker, task);
    return { status: 200, json: { id: task.id, try_number: task.attempt, duration_ms: durationMs } };
  };

  return {
    outputs,
    logs,
    heartbeats,
    userCalls,
    retryAll() {
      for (const task of tasks.values()) {
        if (task.state !== "running" && task.state !== "fetched") continue;
        task.attempt += 1;
        task.state = "queued";
        task.owner = undefined;
        queueOf(task.deployment).waiting.push(task);
      }
    },
    handle(deployment, method, path, body) {
      const fetching = "/edge_worker/v1/jobs/fetch/";
      if (path.startsWith(fetching)) return fetch(deployment, path.slice(fetching.length));
      if (path.startsWith("/api/v2/")) {
        userCalls.push(`${method} ${deployment} ${path}`);
        return { status: 200, json: {} };
      }
      if (path.startsWith("/edge_worker/v1/logs/push/")) {
        logs.push(body);
        return { status: 200 };
      }
      const [, api, kind, id = "", action] = path.split("/");
      const said: { hostname?: string; worker?: string; try_number?: number } = JSON.parse(body || "{}");
      const task = tasks.get(id);
      if (api !== "execution" || task === undefined) return { status: 404 };
      if (kind === "xcoms") {
        outputs.push({ id, attempt: said.try_number ?? 0, worker: said.worker ?? "" });
        return { status: 201 };
      }
      const own = said.try_number === task.attempt && (task.owner ?? said.hostname) === said.hostname;
      if (!own) return { status: 409 };
      if (action === "run") {
        task.state = "running";
        task.owner = said.hostname;
      } else if (action === "heartbeat") heartbeats.push({ id, atMs: performance.now() });
      else if (task.state !== "success") {
        task.state = "success";
        add(deployment);
      }
      return { status: 204 };
    },
  };
}
