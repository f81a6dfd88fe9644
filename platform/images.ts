import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { imageCacheIn, usualCacheDirectory } from "./images/cache.ts";
import { type Image, imageOf, nameByDigest } from "./images/image.ts";
import { plugins } from "./plugins/index.ts";

/** Images by name as manifests need them: `name@sha256:…`, without the registry, which is each region's own. */
export type ImageNames = Readonly<Record<string, string>>;

const platform = import.meta.dirname;
const root = join(platform, "..");
const entrypoint = "app/entry.mjs";

/** What the platform runs in pods: folders below `platform/` whose `entry.ts` exports `start`, by the name of the image. */
const imageFolders: Readonly<Record<string, string>> = {
  "airflow-runtime": "airflow",
  ...Object.fromEntries(plugins.map(({ name }) => [name, name === "reconciler" ? "reconciler" : `plugins/${name}`])),
};

/** The names of this release's images. */
export async function imageNamesOfThisRelease(directory = usualCacheDirectory()): Promise<ImageNames> {
  const kept = await imageCacheIn(directory).digests(sourceKey());
  const images = kept
    ? Object.entries(kept).map(([name, digest]) => ({ name, digest }))
    : await imagesOfThisRelease(directory);
  return Object.fromEntries(images.map((image) => [image.name, nameByDigest(image)]));
}

/** The platform's own images, built from source, or as they were built before from the same source. */
export async function imagesOfThisRelease(directory = usualCacheDirectory()): Promise<readonly Image[]> {
  const cache = imageCacheIn(directory);
  const key = sourceKey();
  const digests = Object.entries((await cache.digests(key)) ?? {});
  const kept = await Promise.all(digests.map(([name, digest]) => cache.image(name, digest)));
  const whole = kept.filter((image) => image !== undefined);
  if (whole.length > 0 && whole.length === kept.length) return whole;
  const built = await build();
  await cache.keep(key, built);
  return built;
}

async function build(): Promise<readonly Image[]> {
  // Only who builds needs the bundler.
  const { bundlesOf } = await import("./images/bundle.ts");
  const entries = Object.fromEntries(
    Object.entries(imageFolders).map(([name, folder]) => [name, `platform/${folder}/entry.ts`]),
  );
  const bundles = await bundlesOf(root, entries);
  const mapped = Buffer.from(`\n//# sourceMappingURL=${basename(entrypoint)}.map\n`);
  return Promise.all(
    [...bundles].map(([name, { code, map }]) =>
      imageOf(name, { [entrypoint]: Buffer.concat([code, mapped]), [`${entrypoint}.map`]: map }, ["node", entrypoint]),
    ),
  );
}

/** Everything that may change what is in an image: the platform's source and the versions of its packages. */
function sourceKey(): string {
  const digest = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const files = readdirSync(platform, { recursive: true, encoding: "utf8" }).filter(
    (file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith("testing"),
  );
  for (const file of files.sort()) digest.update(`\n${file}\n`).update(readFileSync(join(platform, file)));
  return digest.digest("hex");
}
