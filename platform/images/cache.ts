import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { digestOf, type Image, imageManifest } from "./image.ts";

const index = z.record(z.string(), z.string());

/** Images that were built before, by a key that says from what. Several processes may use one cache. */
export interface ImageCache {
  /** Digests by image name; undefined when nothing of that key is kept. */
  digests(key: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** An image that was kept, or undefined when any of it is missing or damaged. */
  image(name: string, digest: string): Promise<Image | undefined>;
  /** Whatever was kept long ago goes: who still needs it builds it again. */
  keep(key: string, images: readonly Image[]): Promise<void>;
}

const keptForMs = 30 * 24 * 3_600_000;

export const usualCacheDirectory = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "airflow-platform", "images");

export function imageCacheIn(directory: string): ImageCache {
  const blobs = join(directory, "sha256");
  const indexOf = (key: string): string => join(directory, `${key}.json`);
  const pathOf = (digest: string): string => join(blobs, digest.replace("sha256:", ""));
  async function write(path: string, content: string | Uint8Array): Promise<void> {
    // Whoever looks finds all of it or nothing.
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  }
  async function blob(digest: string): Promise<Buffer | undefined> {
    const content = await readFile(pathOf(digest)).catch(() => undefined);
    return content !== undefined && digestOf(content) === digest ? content : undefined;
  }
  async function removeOld(): Promise<void> {
    for (const place of [directory, blobs]) {
      for (const entry of await readdir(place, { withFileTypes: true })) {
        const path = join(place, entry.name);
        const { mtimeMs } = await stat(path);
        if (entry.isFile() && Date.now() - mtimeMs > keptForMs) await rm(path, { force: true });
      }
    }
  }
  return {
    async digests(key) {
      const text = await readFile(indexOf(key), "utf8").catch(() => undefined);
      return text === undefined ? undefined : index.parse(JSON.parse(text));
    },
    async image(name, digest) {
      const manifest = await blob(digest);
      if (manifest === undefined) return undefined;
      const { config, layers } = imageManifest.parse(JSON.parse(manifest.toString()));
      const found = new Map<string, Buffer>();
      for (const part of [config, ...layers]) {
        const content = await blob(part.digest);
        if (content === undefined) return undefined;
        found.set(part.digest, content);
      }
      return { name, digest, manifest, blobs: found };
    },
    async keep(key, images) {
      await mkdir(blobs, { recursive: true });
      for (const { digest, manifest, blobs: parts } of images) {
        for (const [part, content] of [...parts, [digest, manifest] as const]) await write(pathOf(part), content);
      }
      await write(indexOf(key), JSON.stringify(Object.fromEntries(images.map(({ name, digest }) => [name, digest]))));
      // Others may be at it, too, and what is gone already is as good as removed.
      await removeOld().catch(() => undefined);
    },
  };
}
