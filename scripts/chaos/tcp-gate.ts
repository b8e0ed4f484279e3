import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to one TCP server that can be shut (connections are refused and broken) or hang (nothing passes, nothing breaks). */
export class TcpGate {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #state: "open" | "shut" | "hanging" = "open";

  constructor(targetPort: number) {
    this.#server = createServer((near) => {
      near.on("error", () => near.destroy());
      if (this.#state === "shut") return void near.destroy();
      const far = connect(targetPort, "127.0.0.1");
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      const end = () => {
        this.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      };
      near.on("close", end);
      far.on("close", end).on("error", end);
      near.pipe(far);
      far.pipe(near);
      if (this.#state === "hanging") for (const socket of pair) socket.pause();
    });
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  set state(state: "open" | "shut" | "hanging") {
    this.#state = state;
    for (const pair of [...this.#pairs])
      for (const socket of pair) {
        if (state === "shut") socket.destroy();
        else if (state === "hanging") socket.pause();
        else socket.resume();
      }
  }

  async close(): Promise<void> {
    this.state = "shut";
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
