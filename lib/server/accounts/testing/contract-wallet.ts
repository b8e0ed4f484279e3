import "server-only";
import solc from "solc";
import type { Abi, Hex } from "viem";

/** The least of a contract wallet: one owner's key signs for it (ERC-1271); a factory puts it at an address that is known before (ERC-6492). */
const SOURCE = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;
contract Wallet {
  address immutable owner;
  constructor(address owner_) { owner = owner_; }
  function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
    if (signature.length != 65) return 0xffffffff;
    address signer = ecrecover(hash, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
    return signer == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
  }
}
contract WalletFactory {
  function create(address owner) external returns (Wallet) { return new Wallet{salt: 0}(owner); }
}`;

export type Compiled = { abi: Abi; bytecode: Hex };
type SolcOutput = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>;
};

/** The wallet and its factory, compiled. */
export function compileContractWallet(): { wallet: Compiled; factory: Compiled } {
  const input = {
    language: "Solidity",
    sources: { "wallet.sol": { content: SOURCE } },
    settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
  const pick = (name: string): Compiled => {
    const contract = output.contracts?.["wallet.sol"]?.[name];
    if (!contract) throw new Error(output.errors?.map((error) => error.formattedMessage).join("\n") ?? `${name} was not compiled`);
    return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
  };
  return { wallet: pick("Wallet"), factory: pick("WalletFactory") };
}
