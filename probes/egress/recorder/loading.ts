import Module, { registerHooks, syncBuiltinESMExports } from "node:module";

/** The one call that every copy of the SDK's client makes with its own middleware, minified or not: names of properties are kept. */
const marker = ".resolveMiddleware(";
const before = /[\w$]+$/;
const after = /^\s*this\.middlewareStack\s*,/;

/**
 * Finds the SDK's clients as their code is loaded, in packages and in bundles, whose classes nothing else can reach: the call above tells
 * `hook` of its client first. Gives undefined where this process has loader hooks of the older kind, beside which Node's newer ones fail.
 */
export async function watchLoading(hook: string): Promise<Disposable | undefined> {
  // Node 22.15 and 23.5 have it.
  if (typeof registerHooks !== "function") return undefined;
  const hooks = registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const { source, format } = loaded;
      if (source === undefined || source === null || format === "json" || format === "wasm") return loaded;
      const bytes = typeof source === "string" ? source : Buffer.from(source as Uint8Array);
      if (!bytes.includes(marker)) return loaded;
      return { ...loaded, source: withHook(String(bytes), hook) };
    },
  });
  const { register } = Module;
  const isRefused = await import(new URL("./loading-check.cjs", import.meta.url).href).then(
    () => false,
    () => true,
  );
  if (isRefused) {
    hooks.deregister();
    return undefined;
  }
  // Whoever registers hooks of that kind later needs them more.
  Module.register = function registerAlone(...given: [string | URL, ...[]]) {
    hooks.deregister();
    return Reflect.apply(register, Module, given);
  };
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      hooks.deregister();
      Module.register = register;
      syncBuiltinESMExports();
    },
  };
}

/** The code with each such call telling the hook first. Bundles are megabytes long, so only what stands around the marker is looked at. */
function withHook(code: string, hook: string): string {
  const parts = code.split(marker);
  return parts.reduce((done, part, n) => {
    const isCall = before.test((parts[n - 1] ?? "").slice(-100)) && after.test(part.slice(0, 100));
    return `${done}${marker}${isCall ? part.replace(after, `(${hook}?.(this),this.middlewareStack),`) : part}`;
  });
}
