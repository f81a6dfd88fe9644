import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { z } from "zod";

/** Media types of the OCI image specification, version 1.1. */
export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/** A content-addressed piece of an image. `digest` is `sha256:` and 64 hexadecimal digits. */
const descriptor = z.object({ mediaType: z.string(), digest: z.string(), size: z.int() });
export const imageManifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(mediaTypes.manifest).optional(),
  config: descriptor,
  layers: z.array(descriptor),
});
/** What of an image's configuration whoever runs it must know. */
export const imageConfig = z.object({
  config: z.object({ Entrypoint: z.array(z.string()) }),
  rootfs: z.object({ type: z.literal("layers"), diff_ids: z.array(z.string()) }),
});

/** An OCI image: its manifest, whose digest is the image's, and the blobs that the manifest names, by digest. */
export interface Image {
  readonly name: string;
  readonly digest: string;
  readonly manifest: Buffer;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

export const digestOf = (content: Uint8Array): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** `name@sha256:…`, without the registry that it is pulled from. */
export const nameByDigest = ({ name, digest }: Pick<Image, "name" | "digest">): string => `${name}@${digest}`;

/** An image of one layer with the given files, by path. The same files give the same digest: nothing in it tells when or where it was made. */
export async function imageOf(
  name: string,
  files: Readonly<Record<string, Uint8Array>>,
  entrypoint: readonly string[],
): Promise<Image> {
  const tar = pack();
  for (const path of Object.keys(files).sort()) {
    const header = { name: path, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };
    tar.entry(header, Buffer.from(files[path] ?? []));
  }
  tar.finalize();
  const layer = gzipSync(await buffer(tar), { level: 6 });
  const config = json({
    architecture: "amd64",
    os: "linux",
    config: { Entrypoint: entrypoint },
    rootfs: { type: "layers", diff_ids: [digestOf(gunzipSync(layer))] },
  });
  const described = (mediaType: string, content: Buffer) => ({
    mediaType,
    digest: digestOf(content),
    size: content.length,
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: described(mediaTypes.config, config),
    layers: [described(mediaTypes.layer, layer)],
  });
  const blobs = new Map([config, layer].map((content) => [digestOf(content), content]));
  return { name, digest: digestOf(manifest), manifest, blobs };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
