import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundlesOf } from "./images/bundle.ts";
import { imageCacheIn } from "./images/cache.ts";
import { digestOf, imageOf } from "./images/image.ts";
import { imageNamesOfThisRelease, imagesOfThisRelease } from "./images.ts";

const directories: string[] = [];
async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "images-"));
  directories.push(directory);
  return directory;
}
afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

it("the release's images are built once from a source, and are then found by what they are built from", async () => {
  const directory = await temporary();
  const built = await imagesOfThisRelease(directory);
  expect(built.map(({ name }) => name)).toEqual(expect.arrayContaining(["airflow-runtime", "reconciler"]));
  const names = await imageNamesOfThisRelease(directory);
  for (const { name, digest, manifest, blobs } of built) {
    expect(digestOf(manifest)).toBe(digest);
    expect(names[name]).toBe(`${name}@${digest}`);
    for (const [part, content] of blobs) expect(digestOf(content)).toBe(part);
  }
  expect(await imagesOfThisRelease(directory)).toEqual(built);
}, 60_000);

it("an image that is damaged on the disk counts as not kept", async () => {
  const directory = await temporary();
  const cache = imageCacheIn(directory);
  const image = await imageOf("tiny", { "app/entry.mjs": Buffer.from("export {}") }, ["node", "app/entry.mjs"]);
  await cache.keep("key", [image]);
  expect(await cache.image("tiny", image.digest)).toEqual(image);
  const [, layer = ""] = image.blobs.keys();
  await writeFile(join(directory, "sha256", layer.replace("sha256:", "")), "");
  expect(await cache.image("tiny", image.digest)).toBeUndefined();
});

it("what was kept long ago goes when something new is kept", async () => {
  const directory = await temporary();
  const cache = imageCacheIn(directory);
  const tiny = (text: string) => imageOf("tiny", { "app/entry.mjs": Buffer.from(text) }, ["node", "app/entry.mjs"]);
  const [old, recent, fresh] = [await tiny("old"), await tiny("recent"), await tiny("fresh")];
  const aged = async (key: string, days: number) => {
    const then = Date.now() / 1_000 - days * 24 * 3_600;
    await utimes(join(directory, `${key}.json`), then, then);
    for (const blob of await readdir(join(directory, "sha256")))
      await utimes(join(directory, "sha256", blob), then, then);
  };
  await cache.keep("old", [old]);
  await aged("old", 31);
  await cache.keep("recent", [recent]);
  expect([await cache.digests("old"), await cache.image("tiny", old.digest)]).toEqual([undefined, undefined]);
  await aged("recent", 29);
  await cache.keep("fresh", [fresh]);
  expect(await cache.digests("recent")).toEqual({ tiny: recent.digest });
  expect(await cache.image("tiny", recent.digest)).toEqual(recent);
});

const empty = { code: Buffer.alloc(0), map: Buffer.alloc(0) };

it("an image's digest tells what is in it, and nothing of when or where it was made", async () => {
  const made = async (text: string) => {
    const root = await temporary();
    await writeFile(join(root, "part.ts"), `export const said: string = ${JSON.stringify(text)};`);
    await writeFile(join(root, "entry.ts"), `import { said } from "./part.ts"; export const start = () => said;`);
    const { code, map } = (await bundlesOf(root, { tiny: "entry.ts" })).get("tiny") ?? empty;
    return (await imageOf("tiny", { "app/entry.mjs": code, "app/entry.mjs.map": map }, ["node", "app/entry.mjs"]))
      .digest;
  };
  expect(await made("one")).toBe(await made("one"));
  expect(await made("one")).not.toBe(await made("two"));
});
