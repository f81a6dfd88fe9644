import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "./plugins/index.ts";

/** Folder of each image of this release below `platform/`, by the image's name. Its main is `entry.ts`. */
export const imageFolders: Readonly<Record<string, string>> = {
  "airflow-runtime": "airflow",
  ...Object.fromEntries(plugins.map(({ name }) => [name, name === "reconciler" ? "reconciler" : `plugins/${name}`])),
};

/** The platform's own images, by the digest of what is in them. */
export function imagesOfThisRelease() {
  const reference = (name: string) => `${name}@sha256:${digestOf(imageFolders[name] ?? name)}`;
  return {
    airflow: reference("airflow-runtime"),
    plugins: Object.fromEntries(plugins.map(({ name }) => [name, reference(name)])),
  };
}

function digestOf(folder: string): string {
  const root = join(import.meta.dirname, folder);
  const digest = createHash("sha256").update(folder);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(root, file)));
  return digest.digest("hex");
}
