/** One request, its body already read. */
export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  /** The caller has gone away: nobody will read the answer. */
  readonly isGone: () => boolean;
}
export interface Reply {
  readonly status: number;
  /** A string is sent as text, anything else as JSON. */
  readonly body?: unknown;
  /** Media type of a text, when it is not plain. */
  readonly type?: string;
}
export type Answer = (request: Request) => Promise<Reply>;
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments that begin with a colon are parameters: `/dags/:dag`. */
  readonly path: string;
  readonly answer: Answer;
  /** Served without a token. */
  readonly open?: true;
}

interface Parsed extends Route {
  readonly segments: readonly string[];
}
export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Finds a route by method and path; `undefined` when the path is unknown, the methods it has when only the method is wrong. */
export function routerOf(routes: readonly Route[]): (method: string, path: string) => Match | readonly string[] {
  const byLength = Map.groupBy(
    routes.map((route): Parsed => ({ ...route, segments: route.path.split("/") })),
    (route) => route.segments.length,
  );
  return (method, path) => {
    const segments = path.split("/");
    const elsewhere: string[] = [];
    for (const route of byLength.get(segments.length) ?? []) {
      const params = match(route.segments, segments);
      if (params === undefined) continue;
      if (route.method === method) return { route, params };
      elsewhere.push(route.method);
    }
    return elsewhere;
  };
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (let index = 0; index < pattern.length; index++) {
    const [part = "", given = ""] = [pattern[index], segments[index]];
    if (!part.startsWith(":")) {
      if (part !== given) return undefined;
    } else {
      if (given === "") return undefined;
      params[part.slice(1)] = given.includes("%") ? decode(given) : given;
    }
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
