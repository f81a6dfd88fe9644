import { basename, join } from "node:path";
import { build } from "esbuild";
import { ownMap } from "./own-map.ts";

export interface Bundle {
  readonly code: Buffer;
  /** Source map of all in it that is not a package's. */
  readonly map: Buffer;
}

/**
 * Modules, each with everything it imports as one file of JavaScript, by name. Names in the code are shortened, because the long ones tell
 * where packages lie on this machine; functions and classes keep theirs, which logs and errors show.
 */
export async function bundlesOf(root: string, entries: Readonly<Record<string, string>>): Promise<Map<string, Bundle>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([name, path]) => ({ in: path, out: name })),
    outdir: join(root, "bundles"),
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node24",
    minify: true,
    keepNames: true,
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: false,
    // Packages written for CommonJS ask for Node's own modules by `require`.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    // A faster driver in C that pg takes when somebody installed it.
    external: ["pg-native"],
    logLevel: "silent",
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  const file = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  return new Map(
    Object.keys(entries).map((name) => {
      const map = Buffer.from(ownMap(JSON.parse(file(`${name}.js.map`).toString())));
      return [name, { code: file(`${name}.js`), map }];
    }),
  );
}
