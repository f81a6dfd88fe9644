import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundlesOf } from "./images/bundle.ts";
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

  // What is damaged is built anew, and comes out as it was.
  for (const file of await readdir(join(directory, "sha256"))) await writeFile(join(directory, "sha256", file), "");
  expect((await imagesOfThisRelease(directory)).map(({ digest }) => digest)).toEqual(built.map(({ digest }) => digest));
}, 30_000);

it("an image's digest tells what is in it, and nothing of when or where it was made", async () => {
  const made = async (text: string) => {
    const root = await temporary();
    await writeFile(join(root, "part.ts"), `export const said: string = ${JSON.stringify(text)};`);
    await writeFile(join(root, "entry.ts"), `import { said } from "./part.ts"; export const start = () => said;`);
    const bundle = (await bundlesOf(root, { tiny: "entry.ts" })).get("tiny") ?? Buffer.alloc(0);
    return (await imageOf("tiny", { "app/entry.mjs": bundle }, ["node", "app/entry.mjs"])).digest;
  };
  expect(await made("one")).toBe(await made("one"));
  expect(await made("one")).not.toBe(await made("two"));
});
