import "server-only";
import type { TestServices } from "#lib/testing/services.ts";
import { chainClient } from "../../chain/chain-client.ts";
import type { TestChain } from "../../chain/testing/open-test-chain.ts";
import { checkLedger } from "../../ledger/check-ledger.ts";
import { mapPaid } from "../epoch-posting-store.ts";
import { findEpochNoByFile } from "../epoch-store.ts";
import type { Books, Guard } from "../guardian/guard-pool.ts";

/** A guardian that reads files and books as it would from elsewhere. */
export function openGuard(services: TestServices, chain: TestChain): Guard & { sources: { books: Books } } {
  const { db, config, blobs } = services;
  return {
    client: chainClient(config),
    rpcUrl: config.chain.rpcUrl ?? "",
    escrow: chain.escrow,
    guardian: chain.accounts.guardian,
    startBlock: 0n,
    sources: {
      readFile: async (sha256) => ((await blobs.size(sha256)) === null ? null : await blobs.readBytes(sha256)),
      books: {
        readPaid: async (sha256) => {
          const no = await findEpochNoByFile(db, config.chain.id, sha256);
          return no === null ? null : await mapPaid(db, config.chain.id, no);
        },
        check: async () => (await checkLedger(db)).map(({ law }) => law),
      },
    },
  };
}
