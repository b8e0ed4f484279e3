#!/usr/bin/env node
/*
 * Checks an epoch's public file without trusting the instance that wrote it.
 *
 *   npm install viem
 *   node verify-epoch.mjs FILE [0xROOT [0xADDRESS]]
 *
 * Prints the SHA-256 of the file (the contract's dataHash), rebuilds the root from its leaves and compares it with ROOT, which you read from the contract
 * or a block explorer, and shows what ADDRESS has earned in all. Ends with 1 if anything does not fit.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { keccak256 } from "viem";

const hash = (bytes) => Buffer.from(keccak256(bytes, "bytes"));

const [path, wantedRoot, wantedAddress] = process.argv.slice(2);
if (!path) {
  console.error("Usage: node verify-epoch.mjs FILE [0xROOT [0xADDRESS]]");
  process.exit(2);
}
const file = readFileSync(path);
const end = file.indexOf(10);
const header = JSON.parse(file.subarray(0, end).toString("utf8"));
const packed = file.subarray(end + 1);
const problems = [];
if (packed.length !== header.leafCount * 32) problems.push(`the file holds ${packed.length / 32} leaves, not ${header.leafCount}`);

// Leaf i of n is node 2n − 2 − i; a parent is the hash of its two children, the smaller first.
const count = packed.length / 32;
const nodes = new Array(2 * count - 1);
let total = 0n;
let previous = "";
for (let i = 0; i < count; i++) {
  const account = packed.subarray(i * 32, i * 32 + 20);
  const amount = packed.subarray(i * 32 + 20, i * 32 + 32);
  const address = account.toString("hex");
  if (address <= previous) problems.push(`0x${address} is out of order or there twice`);
  previous = address;
  const cumulative = BigInt(`0x${amount.toString("hex")}`);
  total += cumulative;
  if (`0x${address}` === wantedAddress?.toLowerCase()) console.log(`${wantedAddress} has earned ${cumulative} units in all`);
  nodes[2 * count - 2 - i] = hash(hash(Buffer.concat([Buffer.alloc(12), account, Buffer.alloc(20), amount])));
}
for (let v = count - 2; v >= 0; v--) {
  const [a, b] = [nodes[2 * v + 1], nodes[2 * v + 2]];
  nodes[v] = hash(a.compare(b) <= 0 ? Buffer.concat([a, b]) : Buffer.concat([b, a]));
}
const root = count > 0 ? `0x${nodes[0].toString("hex")}` : null;
if (String(total) !== header.cumulativeTotal) problems.push(`the leaves sum to ${total}, not to ${header.cumulativeTotal}`);
if (root !== header.root) problems.push(`the leaves have the root ${root}; the file says ${header.root}`);
if (wantedRoot && root !== wantedRoot.toLowerCase()) problems.push(`the leaves have the root ${root}, not ${wantedRoot}`);

console.log(`sha256 0x${createHash("sha256").update(file).digest("hex")}\nroot   ${root}\nepoch ${header.epoch}, ${count} accounts, ${total} units in all`);
for (const problem of problems) console.error(`WRONG: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
