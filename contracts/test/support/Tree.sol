// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice A Merkle tree in OpenZeppelin's layout: leaf i of n lies at 2n - 2 - i, the children of node v at 2v + 1 and 2v + 2.
library Tree {
    function leafOf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }

    function build(address[] memory accounts, uint96[] memory amounts) internal pure returns (bytes32[] memory nodes) {
        uint256 n = accounts.length;
        nodes = new bytes32[](2 * n - 1);
        for (uint256 i; i < n; ++i) {
            nodes[2 * n - 2 - i] = leafOf(accounts[i], amounts[i]);
        }
        for (uint256 v = n - 1; v > 0;) {
            --v;
            nodes[v] = Hashes.commutativeKeccak256(nodes[2 * v + 1], nodes[2 * v + 2]);
        }
    }

    /// @dev The path of the whole subtree over the leaves start … start + size - 1; a single leaf is a subtree of one.
    function proofOf(bytes32[] memory nodes, uint256 start, uint256 size) internal pure returns (bytes32[] memory proof) {
        uint256 n = (nodes.length + 1) / 2;
        uint256 v = (2 * n - start) / size - 2;
        uint256 depth;
        for (uint256 w = v; w > 0; w = (w - 1) / 2) {
            ++depth;
        }
        proof = new bytes32[](depth);
        for (uint256 i; i < depth; ++i) {
            proof[i] = nodes[v % 2 == 0 ? v - 1 : v + 1];
            v = (v - 1) / 2;
        }
    }
}
