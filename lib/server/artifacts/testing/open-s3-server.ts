import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import type { S3Config } from "../../config/s3-config.ts";

/** What the program is called that s3rver lets in. */
const CREDENTIALS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
const BUCKET = "shoal-test";

export type S3Server = {
  config: S3Config;
  /** Objects without a digest's name. */
  listUnnamed(): Promise<string[]>;
  /** The same server behind a line that breaks once, after so many bytes came back, and that notes the first line of each request. */
  openLine(breakAfterBytes?: number): Promise<Line & { config: S3Config }>;
  close(): Promise<void>;
};

/** Starts an S3 server on a free port and a temporary folder, with one empty bucket. */
export async function openS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "shoal-s3-"));
  const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] });
  const { port } = await server.run();
  const configAt = (at: number): S3Config => ({
    bucket: BUCKET,
    endpoint: `http://127.0.0.1:${at}`,
    region: "us-east-1",
    prefix: "one/",
    credentials: CREDENTIALS,
    pathStyle: true,
    directOrigin: null,
  });
  return {
    config: configAt(port),
    listUnnamed: async () => (await readdir(directory, { recursive: true })).filter((path) => /one\/uploads\/.+/.test(path)),
    openLine: async (breakAfterBytes = Number.POSITIVE_INFINITY) => {
      const line = await openLine(port, breakAfterBytes);
      return { ...line, config: configAt(line.port) };
    },
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Line = { port: number; asked: readonly string[]; close(): void };

async function openLine(port: number, breakAfterBytes: number): Promise<Line> {
  let hasBroken = false;
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    let came = 0;
    near.on("data", (bytes) => asked.push(...(bytes.toString("latin1").match(/^(?:GET|PUT|POST|DELETE|HEAD) \/\S+ HTTP/gm) ?? [])));
    near.pipe(far);
    far.on("data", (bytes) => {
      came += bytes.length;
      near.write(bytes);
      if (hasBroken || came < breakAfterBytes) return;
      hasBroken = true;
      near.destroy();
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
  const address = line.address();
  if (typeof address !== "object" || address === null) throw new Error("the line has no port");
  return {
    port: address.port,
    asked,
    close: () => {
      line.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
