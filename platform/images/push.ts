import { type Image, imageManifest, mediaTypes } from "./image.ts";

/** Brings an image into a registry, blobs first: a registry refuses a manifest whose blobs it lacks. What is there already is not sent again. */
export async function pushImage(registryUrl: string, { name, digest, manifest, blobs }: Image): Promise<void> {
  const at = (path: string): string => `${registryUrl}/v2/${name}/${path}`;
  const upload = async (part: string): Promise<void> => {
    const there = await fetch(at(`blobs/${part}`), { method: "HEAD" });
    if (there.ok) return;
    const begun = await expectStatus(202, await fetch(at("blobs/uploads/"), { method: "POST" }));
    const place = new URL(begun.headers.get("location") ?? "", registryUrl);
    place.searchParams.set("digest", part);
    const headers = { "content-type": "application/octet-stream" };
    await expectStatus(201, await fetch(place, { method: "PUT", headers, body: bytesOf(blobs.get(part)) }));
  };
  const { config, layers } = imageManifest.parse(JSON.parse(manifest.toString()));
  await Promise.all([config, ...layers].map((part) => upload(part.digest)));
  const put = { method: "PUT", headers: { "content-type": mediaTypes.manifest }, body: bytesOf(manifest) };
  await expectStatus(201, await fetch(at(`manifests/${digest}`), put));
}

const bytesOf = (content: Buffer | undefined): Uint8Array<ArrayBuffer> => new Uint8Array(content ?? Buffer.alloc(0));

async function expectStatus(status: number, reply: Response): Promise<Response> {
  if (reply.status === status) return reply;
  throw new Error(`the registry answered ${reply.status} at ${reply.url}, not ${status}: ${await reply.text()}`);
}
