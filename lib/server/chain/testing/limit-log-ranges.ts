import "server-only";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Call = { id: number; method: string; params: [{ fromBlock: string; toBlock: string }] };

/** A server before a chain's that passes everything on, and refuses to list the logs of more than so many blocks in the words of the large providers. */
export async function limitLogRanges(rpcUrl: string, blocksMax: number) {
  let refused = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const { id, method, params } = JSON.parse(body) as Call;
    response.setHeader("content-type", "application/json");
    if (method === "eth_getLogs" && Number(params[0].toBlock) - Number(params[0].fromBlock) >= blocksMax) {
      refused += 1;
      const error = { code: -32_602, message: `eth_getLogs is limited to a ${blocksMax} block range` };
      return void response.writeHead(400).end(JSON.stringify({ jsonrpc: "2.0", id, error }));
    }
    const answer = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
