// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {OddToken} from "./support/OddTokens.sol";
import {Tree} from "./support/Tree.sol";
import {bound, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// claimBatch
/// ├── size is zero, not a power of two, too large, or the lists differ → revert
/// ├── not a whole subtree · another order · a wrong amount → revert
/// ├── paused · less may leave than is due → revert
/// └── otherwise: pays each what is due, and passes over who has nothing due or cannot receive
contract ClaimBatchTest is World {
    OddToken private odd;

    function setUp() public override {
        super.setUp();
        odd = new OddToken(6);
        JobEscrow.Settings memory s = settings();
        s.token = IERC20(address(odd));
        deploy(s);
        odd.mint(alice, 1_000_000e6);
        vm.prank(alice);
        odd.approve(address(escrow), type(uint256).max);
    }

    function settleMany(uint256 n, uint96 each) private {
        address[] memory payees = new address[](n);
        uint96[] memory sums = new uint96[](n);
        for (uint256 i; i < n; ++i) {
            (payees[i], sums[i]) = (address(uint160(0x1000 + i)), each + uint96(i));
        }
        settle(payees, sums);
    }

    function batch(uint256 start, uint256 size)
        private
        view
        returns (address[] memory who, uint96[] memory sums, bytes32[] memory proof)
    {
        who = new address[](size);
        sums = new uint96[](size);
        for (uint256 i; i < size; ++i) {
            // The subtree's leaves lie in the tree from the last to the first.
            (who[i], sums[i]) = (accounts[start + size - 1 - i], amounts[start + size - 1 - i]);
        }
        proof = Tree.proofOf(Tree.build(accounts, amounts), start, size);
    }

    function pay(uint256 start, uint256 size) private returns (uint256) {
        (address[] memory who, uint96[] memory sums, bytes32[] memory proof) = batch(start, size);
        return distributor.claimBatch(who, sums, proof);
    }

    function test_ClaimBatch_PaysEveryoneOfTheSubtree() public {
        settleMany(16, 1e6);
        vm.assertEq(pay(8, 4), 4e6 + 8 + 9 + 10 + 11);
        for (uint256 i; i < 16; ++i) {
            vm.assertEq(odd.balanceOf(accounts[i]), i >= 8 && i < 12 ? amounts[i] : 0);
        }
        vm.assertEq(distributor.available(), CAP - (4e6 + 38));
    }

    function test_ClaimBatch_PassesOverWhoHasClaimedBefore() public {
        settleMany(8, 1e6);
        claim(2);
        vm.assertEq(pay(0, 4), 3e6 + 0 + 1 + 3);
        vm.recordLogs();
        vm.assertEq(pay(0, 4), 0);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(odd.balanceOf(accounts[2]), amounts[2]);
    }

    function test_ClaimBatch_PassesOverWhoCannotReceiveAndLeavesTheClaim() public {
        settleMany(8, 1e6);
        odd.deny(accounts[1], true);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.ClaimSkipped(accounts[1], amounts[1]);
        vm.assertEq(pay(0, 4), 3e6 + 0 + 2 + 3);
        vm.assertEq(distributor.claimed(accounts[1]), 0);
        odd.deny(accounts[1], false);
        vm.assertEq(claim(1), amounts[1]);
    }

    function test_Claim_RevertWhen_TheAccountCannotReceive() public {
        settleMany(8, 1e6);
        odd.deny(accounts[1], true);
        bytes32[] memory proof = proofOf(1);
        vm.expectRevert(abi.encodeWithSelector(OddToken.Denied.selector, accounts[1]));
        distributor.claim(accounts[1], amounts[1], proof);
        vm.assertEq(distributor.claimed(accounts[1]), 0);
        vm.assertEq(distributor.available(), CAP);
    }

    function test_ClaimBatch_RevertWhen_SizeIsNotAPowerOfTwo() public {
        settleMany(8, 1e6);
        uint256[3] memory sizes = [uint256(0), 3, 6];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(RewardDistributor.BatchSizeInvalid.selector, sizes[i]));
            distributor.claimBatch(new address[](sizes[i]), new uint96[](sizes[i]), new bytes32[](0));
        }
    }

    function test_ClaimBatch_RevertWhen_TheListsDiffer() public {
        settleMany(8, 1e6);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.BatchSizeInvalid.selector, 4));
        distributor.claimBatch(new address[](4), new uint96[](2), new bytes32[](0));
    }

    function test_ClaimBatch_AtMost512() public {
        settleMany(512, 1e6);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.BatchSizeInvalid.selector, 1024));
        distributor.claimBatch(new address[](1024), new uint96[](1024), new bytes32[](0));
        vm.assertEq(pay(0, 512), 512e6 + 511 * 256);
    }

    function test_ClaimBatch_RevertWhen_OrderOrAmountOrPathIsAnother() public {
        settleMany(8, 1e6);
        (address[] memory who, uint96[] memory sums, bytes32[] memory proof) = batch(0, 4);
        sums[0] += 1;
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claimBatch(who, sums, proof);
        sums[0] -= 1;
        (who[1], who[2]) = (who[2], who[1]);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claimBatch(who, sums, proof);
        (who[1], who[2]) = (who[2], who[1]);
        proof[0] = bytes32("other");
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claimBatch(who, sums, proof);
    }

    function test_ClaimBatch_RevertWhen_Paused() public {
        settleMany(8, 1e6);
        vm.prank(guardian);
        escrow.pause(1 days);
        (address[] memory who, uint96[] memory sums, bytes32[] memory proof) = batch(0, 4);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ClaimsPaused.selector, block.timestamp + 1 days));
        distributor.claimBatch(who, sums, proof);
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(distributor.claimBatch(who, sums, proof), 4e6 + 6);
    }

    function test_ClaimBatch_RevertWhen_MoreIsDueThanMayLeave() public {
        settleMany(8, 1e6);
        vm.startPrank(admin);
        escrow.setOutflowCapacity(4e6 + 5);
        (address[] memory who, uint96[] memory sums, bytes32[] memory proof) = batch(0, 4);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.OutflowExhausted.selector, 4e6 + 6, 4e6 + 5));
        distributor.claimBatch(who, sums, proof);
        vm.assertEq(odd.balanceOf(who[0]), 0);
        vm.assertEq(pay(0, 2), 2e6 + 1);
        vm.assertEq(distributor.available(), 2e6 + 4);
    }

    function test_ClaimBatch_CountsWhatLeavesFromTheTimeOfTheBatchOn() public {
        settleMany(8, 1e6);
        vm.prank(admin);
        escrow.setOutflowCapacity(8e6);
        pay(0, 4);
        vm.warp(block.timestamp + 6 hours);
        vm.assertEq(distributor.available(), 4e6 - 6 + 2e6);
    }

    /// @dev Some of the subtree have claimed, some are denied: the rest is paid to the unit, in a tree of any size.
    function testFuzz_ClaimBatch_PaysTheRestWhoeverHasClaimedOrIsDenied(uint8 size, uint8 level, uint8 place, uint256 seed) public {
        uint256 n = bound(size, 15, 40);
        settleMany(n, 1e6);
        uint256 width = 1 << bound(level, 0, 3);
        uint256 offset = (2 * n) % width;
        uint256 start = offset + width * bound(place, 0, (n - offset) / width - 1);
        uint256 expected;
        for (uint256 i = start; i < start + width; ++i) {
            uint256 fate = (seed >> (2 * (i - start))) & 3;
            if (fate == 0) claim(i);
            else if (fate == 1) odd.deny(accounts[i], true);
            else expected += amounts[i];
        }
        vm.assertEq(pay(start, width), expected);
        for (uint256 i = start; i < start + width; ++i) {
            bool isDenied = (seed >> (2 * (i - start))) & 3 == 1;
            vm.assertEq(odd.balanceOf(accounts[i]), isDenied ? 0 : amounts[i]);
            vm.assertEq(distributor.claimed(accounts[i]), isDenied ? 0 : amounts[i]);
        }
    }
}
