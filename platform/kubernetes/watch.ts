import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
  Watch,
} from "@kubernetes/client-node";

/** What the API has of one kind, kept up to date by a watch. */
export interface Watched<T> {
  list(): readonly T[];
  get(name: string, namespace?: string): T | undefined;
  /** Whether the first list has come. */
  synced(): boolean;
}

export interface WatchOptions<T extends KubernetesObject> {
  /** For example `/api/v1/pods`. */
  readonly path: string;
  readonly list: (selectors: { labelSelector?: string; fieldSelector?: string }) => Promise<KubernetesListObject<T>>;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Hears of every change with its object, and without one of each list, which may be empty. */
  readonly onChange?: (object?: T) => void;
}

const rewatchAfterMs = 500;

/** Watches until the signal aborts. A watch that breaks begins anew, so that a lost API server costs no more than its absence. */
export function watch<T extends KubernetesObject>(
  config: KubeConfig,
  { path, list, labelSelector, fieldSelector, onChange = () => undefined }: WatchOptions<T>,
  signal: AbortSignal,
): Watched<T> {
  const selectors = {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  let synced = false;
  const listAll = async () => {
    const found = await list(selectors);
    setImmediate(() => {
      synced = true;
      onChange();
    });
    return found;
  };
  const watched = new ListWatch<T>(path, new Watch(config), listAll, false, labelSelector, fieldSelector);
  const begin = () => {
    if (!signal.aborted) watched.start().catch(again);
  };
  const again = () => void setTimeout(begin, rewatchAfterMs);
  watched.on("change", onChange);
  watched.on("error", again);
  signal.addEventListener("abort", () => void watched.stop(), { once: true });
  begin();
  return {
    list: () => watched.list(),
    get: (name, namespace) => watched.get(name, namespace),
    synced: () => synced,
  };
}
