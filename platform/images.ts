import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The platform's own images, by the digest of what is in them. */
export const imagesOfThisRelease = () => ({
  airflow: reference("airflow-runtime", "airflow"),
  reconciler: reference("reconciler", "reconciler"),
});

function reference(name: string, folder: string): string {
  const root = join(import.meta.dirname, folder);
  const digest = createHash("sha256");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(root, file)));
  return `${name}@sha256:${digest.digest("hex")}`;
}
