// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../src/RewardDistributor.sol";
import {Tree} from "./support/Tree.sol";
import {bound, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// claim
/// ├── wrong account · wrong amount · wrong path · an old root · an inner node as leaf → revert
/// ├── nothing due → revert
/// ├── less may leave than is due → pays that part; nothing may leave → revert
/// └── otherwise: anyone sends the account what is due
contract ClaimTest is World {
    function test_Claim_AnyoneSendsTheAccountItsDue() public {
        settleFour(10e6, 20e6);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.Claimed(bob, bob, 10e6, 10e6, 1);
        vm.prank(mallory);
        uint256 paid = distributor.claim(bob, 10e6, proofOf(0));
        vm.assertEq(paid, 10e6);
        vm.assertEq(token.balanceOf(bob), 10e6);
        vm.assertEq(token.balanceOf(mallory), 0);
        vm.assertEq(distributor.claimed(bob), 10e6);
        vm.assertEq(distributor.available(), CAP - 10e6);
    }

    function test_Claim_LaterPaysTheDifference() public {
        settleFour(10e6, 20e6);
        claim(0);
        settleFour(15e6, 20e6);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.Claimed(bob, bob, 5e6, 15e6, 2);
        vm.assertEq(claim(0), 5e6);
        vm.assertEq(token.balanceOf(bob), 15e6);
        vm.assertEq(claim(1), 20e6);
    }

    function test_Claim_RevertWhen_ClaimedAgainInTheSameBlock() public {
        settleFour(10e6, 20e6);
        claim(0);
        bytes32[] memory proof = proofOf(0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.NothingDue.selector, bob));
        distributor.claim(bob, 10e6, proof);
    }

    function test_Claim_RevertWhen_ProofIsAnothers() public {
        settleFour(10e6, 20e6);
        bytes32[] memory proof = proofOf(1);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(mallory, 20e6, proof);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(bob, 20e6, proof);
    }

    function test_Claim_RevertWhen_AmountIsAnother() public {
        settleFour(10e6, 20e6);
        bytes32[] memory proof = proofOf(0);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(bob, 10e6 + 1, proof);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(bob, 10e6 - 1, proof);
    }

    function test_Claim_RevertWhen_RootIsStale() public {
        settleFour(10e6, 20e6);
        bytes32[] memory old = proofOf(0);
        settleFour(15e6, 20e6);
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(bob, 10e6, old);
    }

    function test_Claim_RevertWhen_NothingIsSettledYet() public {
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(bob, 10e6, new bytes32[](0));
    }

    function test_Claim_OfATreeOfOneNeedsNoPath() public {
        address[] memory payees = new address[](1);
        uint96[] memory sums = new uint96[](1);
        (payees[0], sums[0]) = (bob, 6e6);
        settle(payees, sums);
        vm.assertEq(claim(0), 6e6);
    }

    /// @dev An inner node is the hash of 64 bytes; with single hashing these could be read as an account and an amount.
    function test_Claim_RevertWhen_AnInnerNodePassesAsLeaf() public {
        settleFour(10e6, 20e6);
        bytes32[] memory nodes = Tree.build(accounts, amounts);
        bytes32[] memory path = new bytes32[](1);
        path[0] = nodes[1];
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(address(uint160(uint256(nodes[5]))), uint96(uint256(nodes[6])), path);
    }

    function test_Claim_PaysAPartWhen_LessMayLeave() public {
        setCapacity(4e6);
        settleFour(10e6, 20e6);
        vm.assertEq(claim(0), 4e6);
        bytes32[] memory proof = proofOf(0);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.OutflowExhausted.selector, 6e6, 0));
        distributor.claim(bob, 10e6, proof);
        vm.warp(block.timestamp + 12 hours);
        vm.assertEq(claim(0), 2e6);
        vm.warp(block.timestamp + 2 days);
        vm.assertEq(claim(0), 4e6);
        vm.assertEq(distributor.available(), 0);
        vm.assertEq(token.balanceOf(bob), 10e6);
    }

    function test_Capacity_LoweredCutsWhatMayLeaveAndRaisedGivesNothingAtOnce() public {
        setCapacity(4e6);
        vm.assertEq(distributor.available(), 4e6);
        setCapacity(8e6);
        vm.assertEq(distributor.available(), 4e6);
        vm.warp(block.timestamp + 6 hours);
        vm.assertEq(distributor.available(), 6e6);
        setCapacity(5e6);
        vm.assertEq(distributor.available(), 5e6);
    }

    function testFuzz_Outflow_InAnyRunOfClaimsNoMoreLeavesThanBucketAndTimeAllow(uint256 seed) public {
        uint256 capacity = bound(seed, 1e6, 50e6);
        setCapacity(uint80(capacity));
        settleFour(400e6, 1e6);
        uint256 start = block.timestamp;
        uint256 paid;
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + bound(seed, 1, 8 hours));
            paid += claim(0);
            vm.assertLe(distributor.available(), capacity);
            vm.assertLe(paid, capacity + (capacity * (block.timestamp - start)) / 1 days);
        }
        vm.assertEq(token.balanceOf(bob), paid);
        vm.assertEq(distributor.claimed(bob), paid);
    }

    /// @dev Whatever number is claimed, only the leaf's own passes.
    function testFuzz_Claim_NoOtherAccountAndAmountPass(address account, uint96 amount, uint8 index) public {
        settleFour(10e6, 20e6);
        bytes32[] memory proof = proofOf(bound(index, 0, 3));
        vm.assume(!(account == bob && amount == 10e6) && !(account == carol && amount == 20e6));
        vm.assume(account != address(0xD1) && account != address(0xD2));
        vm.expectRevert(RewardDistributor.InvalidProof.selector);
        distributor.claim(account, amount, proof);
    }

    function testFuzz_Claim_EveryLeafOfATreeOfAnySize(uint8 size, uint256 seed) public {
        uint256 n = bound(size, 1, 40);
        address[] memory payees = new address[](n);
        uint96[] memory sums = new uint96[](n);
        for (uint256 i; i < n; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (payees[i], sums[i]) = (address(uint160(0x1000 + i)), uint96(bound(seed, 1, 1_000e6)));
        }
        settle(payees, sums);
        for (uint256 i; i < n; ++i) {
            vm.assertEq(claim(i), sums[i]);
            vm.assertEq(token.balanceOf(payees[i]), sums[i]);
        }
        vm.assertEq(token.balanceOf(address(distributor)), 0);
    }

    function setCapacity(uint80 capacity) private {
        vm.prank(admin);
        escrow.setOutflowCapacity(capacity);
    }
}
