import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { openDatabase } from "./database.ts";

/** Source: PostgreSQL, "Message Formats": a letter, the length of the rest with its own four bytes, the rest. */
const message = (letter: string, rest: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + rest.length);
  return Buffer.concat([Buffer.from(letter), length, rest]);
};
const letIn = Buffer.concat([message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))]);
const shuttingDown = message("E", Buffer.from("SFATAL\0C57P01\0Mterminating connection\0\0"));

it("tells its caller when a server lets it in and ends the connection in the same breath, and nobody else", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => void socket.end(Buffer.concat([letIn, shuttingDown])));
  }).listen(0, "127.0.0.1");
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `postgres://anybody@127.0.0.1:${port}/airflow`;
  await using database = openDatabase({ url, schema: "dep_01", poolSize: 1, withinMs: 500 });
  const change = { name: "change", sql: () => "UPDATE nothing SET at = 1" };
  await expect(database.change(change, [])).rejects.toThrow();
});
