// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {Tree} from "./support/Tree.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

interface UniswapDistributor {
    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external;
}

/// @notice The gas of each call as a transaction of its own, nothing warmed up before. Committed and compared to the unit.
/// A path of 20 nodes is that of a tree of a million leaves.
/// forge-config: default.isolate = true
contract GasTest is World {
    uint256 private constant DEPTH = 20;
    uint256 private constant BATCH = 128;
    string private constant UNISWAP_BUILD = "node_modules/@uniswap/merkle-distributor/build/MerkleDistributor.json";

    /// @dev A path over a node of a tree whose other leaves nobody here knows, and the root that it leads to.
    function above(bytes32 node, uint256 depth) private pure returns (bytes32 root, bytes32[] memory path) {
        path = new bytes32[](depth);
        root = node;
        for (uint256 i; i < depth; ++i) {
            path[i] = keccak256(abi.encode("sibling", i));
            root = Hashes.commutativeKeccak256(root, path[i]);
        }
    }

    function publish(bytes32 root, uint96 net) private {
        fund(alice, net);
        propose(root, escrow.settledTotal() + net, net);
        finalize();
    }

    function claimBobs(uint96 cumulative, string memory name) private {
        (bytes32 root, bytes32[] memory path) = above(Tree.leafOf(bob, cumulative), DEPTH);
        publish(root, 10e6);
        distributor.claim(bob, cumulative, path);
        vm.snapshotGasLastCall("claim", name);
    }

    function test_Gas_Claim() public {
        claimBobs(10e6, "ours, first, empty wallet, 1M");
        claimBobs(20e6, "ours, later, 1M");
    }

    function test_Gas_ClaimTo() public {
        (bytes32 root, bytes32[] memory path) = above(Tree.leafOf(bob, 10e6), DEPTH);
        publish(root, 10e6);
        RewardDistributor.ClaimTo memory order =
            RewardDistributor.ClaimTo(bob, carol, address(0), 10e6, 1e5, 1e5, block.timestamp);
        bytes32 typeHash =
            keccak256("ClaimTo(address account,address to,address relayer,uint256 alreadyPaid,uint256 maxFee,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, bob, carol, address(0), 0, 1e5, block.timestamp));
        bytes memory signature = signWith(PAYEE_KEY, domainOf("Shoal RewardDistributor", address(distributor)), structHash);
        distributor.claimTo(order, path, signature);
        vm.snapshotGasLastCall("claim", "ours, signed with a relayer's fee, first, 1M");
    }

    function test_Gas_ClaimBatch() public {
        address[] memory who = new address[](BATCH);
        uint96[] memory sums = new uint96[](BATCH);
        for (uint256 i; i < BATCH; ++i) {
            who[i] = address(uint160(uint256(keccak256(abi.encode("payee", i)))));
        }
        claimAll(who, sums, "ours, 128 payees at once, first, empty wallets, 1M");
        claimAll(who, sums, "ours, 128 payees at once, later, 1M");
    }

    function claimAll(address[] memory who, uint96[] memory sums, string memory name) private {
        (address[] memory tree, uint96[] memory treeSums) = (new address[](BATCH), new uint96[](BATCH));
        for (uint256 i; i < BATCH; ++i) {
            sums[i] += 10e6;
            (tree[BATCH - 1 - i], treeSums[BATCH - 1 - i]) = (who[i], sums[i]);
        }
        (bytes32 root, bytes32[] memory path) = above(Tree.build(tree, treeSums)[0], DEPTH - 7);
        publish(root, uint96(BATCH * 10e6));
        distributor.claimBatch(who, sums, path);
        vm.snapshotGasLastCall("claim", name);
    }

    /// @dev Uniswap's published bytecode in the same run: one contract for each distribution, single-hashed packed leaves. Bob's first claim has
    /// a word of the bitmap to itself; at the later one, of the next distribution, another account of the same word has claimed before.
    function test_Gas_UniswapMerkleDistributor() public {
        claimFromUniswap(false, "Uniswap, first, empty wallet, 1M");
        claimFromUniswap(true, "Uniswap, later, 1M");
    }

    function claimFromUniswap(bool isLater, string memory name) private {
        bytes32 bobs = keccak256(abi.encodePacked(uint256(7), bob, uint256(10e6)));
        bytes32 carols = keccak256(abi.encodePacked(uint256(8), carol, uint256(10e6)));
        (bytes32 root, bytes32[] memory upper) = above(Hashes.commutativeKeccak256(bobs, carols), DEPTH - 1);
        bytes32[] memory path = new bytes32[](DEPTH);
        for (uint256 i; i < upper.length; ++i) {
            path[i + 1] = upper[i];
        }
        bytes memory code = vm.parseJsonBytes(vm.readFile(UNISWAP_BUILD), ".bytecode");
        UniswapDistributor uniswap = UniswapDistributor(createRaw(abi.encodePacked(code, abi.encode(address(token), root))));
        token.transfer(address(uniswap), 20e6);
        path[0] = bobs;
        if (isLater) uniswap.claim(8, carol, 10e6, path);
        path[0] = carols;
        uniswap.claim(7, bob, 10e6, path);
        vm.snapshotGasLastCall("claim", name);
    }

    function createRaw(bytes memory code) private returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        vm.assertTrue(made != address(0));
    }

    function test_Gas_Epoch() public {
        for (uint256 count = 1; count <= 100; count *= 10) {
            JobEscrow.Debit[] memory debits = debitsOfMany(count);
            nextProposal();
            uint96 total = escrow.settledTotal() + uint96(count * 1e6);
            vm.prank(operator);
            escrow.propose(bytes32("root"), total, bytes32("file"), debits);
            vm.snapshotGasLastCall("epoch", count == 1 ? "propose, 1 budget" : count == 10 ? "propose, 10 budgets" : "propose, 100 budgets");
            if (count == 100) {
                vm.prank(guardian);
                escrow.veto(debits);
                vm.snapshotGasLastCall("epoch", "veto, 100 budgets");
            } else {
                finalize();
                vm.snapshotGasLastCall("epoch", count == 1 ? "finalize, first" : "finalize, later");
            }
        }
    }

    function debitsOfMany(uint256 count) private returns (JobEscrow.Debit[] memory debits) {
        debits = new JobEscrow.Debit[](count);
        vm.startPrank(alice);
        for (uint256 i; i < count; ++i) {
            bytes32 id = keccak256(abi.encode(count, i));
            escrow.fund(id, 2e6, 2e6);
            debits[i] = JobEscrow.Debit(escrow.keyOf(alice, id), 1e6);
        }
        vm.stopPrank();
        for (uint256 i = 1; i < count; ++i) {
            for (uint256 j = i; j > 0 && debits[j].budget < debits[j - 1].budget; --j) {
                (debits[j], debits[j - 1]) = (debits[j - 1], debits[j]);
            }
        }
    }

    function test_Gas_Owner() public {
        fund(alice, 10e6);
        vm.snapshotGasLastCall("owner", "fund, first");
        fund(alice, 10e6);
        vm.snapshotGasLastCall("owner", "fund, again");
        vm.prank(alice);
        escrow.requestWithdraw(ID);
        vm.snapshotGasLastCall("owner", "request withdraw");
        vm.warp(block.timestamp + EXIT);
        vm.prank(alice);
        escrow.withdraw(ID, alice);
        vm.snapshotGasLastCall("owner", "withdraw");
    }
}
