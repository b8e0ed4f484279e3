// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {OddToken} from "./support/OddTokens.sol";
import {Tree} from "./support/Tree.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// What a thief with a stolen operator key, a lying root, or a token that calls back can reach.
contract AttacksTest is World {
    function oneLeaf(address account, uint96 cumulative) private pure returns (bytes32) {
        return Tree.leafOf(account, cumulative);
    }

    function robbed(uint96 cumulative) private returns (uint256 paid, bool isDone) {
        (bool success, bytes memory data) =
            address(distributor).call(abi.encodeCall(distributor.claim, (mallory, cumulative, new bytes32[](0))));
        return success ? (abi.decode(data, (uint256)), true) : (0, false);
    }

    /// @dev A root whose leaves sum to more than was deposited pays no more than the distributor holds.
    function test_Attack_ARootOverWhatIsSettledPaysNoMoreThanThatMoney() public {
        settleFour(10e6, 20e6);
        fund(alice, 5e6);
        propose(oneLeaf(mallory, 1_000e6), 37e6 + 5e6, 5e6);
        finalize();
        (, bool isDone) = robbed(1_000e6);
        vm.assertFalse(isDone);
        vm.assertEq(token.balanceOf(address(distributor)), 42e6);
        vm.assertEq(escrow.owed(), 0);
    }

    /// @dev A stolen operator key and a guardian who sleeps for three days: the thief gets three days' outflow, of eighty thousand.
    function test_Attack_AStolenOperatorKeyGetsOneBucketADay() public {
        vm.prank(admin);
        escrow.setOutflowCapacity(1_000e6);
        vm.prank(admin);
        escrow.setEpochCap(50_000e6);
        settleFour(49_990e6, 3e6);
        fund(alice, 30_000e6);
        propose(oneLeaf(mallory, 80_000e6), 80_000e6, 30_000e6);
        vm.assertEq(escrow.settledTotal(), 50_000e6);
        finalize();
        uint256 stolen;
        for (uint256 hour; hour <= 48; ++hour) {
            (uint256 paid,) = robbed(80_000e6);
            stolen += paid;
            vm.warp(block.timestamp + 1 hours);
        }
        vm.assertEq(token.balanceOf(mallory), stolen);
        vm.assertLe(stolen, 3_000e6);
        vm.assertLe(3_000e6 - 49, stolen, "rounding takes less than one unit an hour");
    }

    function test_Attack_AWakefulGuardianLeavesAStolenKeyNothing() public {
        settleFour(10e6, 20e6);
        fund(alice, 100e6);
        propose(oneLeaf(mallory, 137e6), 137e6, 100e6);
        vm.prank(guardian);
        escrow.veto(debitsOf(alice, 100e6));
        (, bool isDone) = robbed(137e6);
        vm.assertFalse(isDone);
        vm.assertEq(balanceOf(alice), 100e6);
        vm.assertEq(claim(0), 10e6);
    }

    function test_Attack_NobodyReachesAnothersBudget() public {
        fund(alice, 100e6);
        vm.startPrank(mallory);
        escrow.requestWithdraw(ID);
        vm.warp(block.timestamp + EXIT);
        vm.expectRevert(JobEscrow.NothingToWithdraw.selector);
        escrow.withdraw(ID, mallory);
        vm.assertEq(balanceOf(alice), 100e6);
    }

    function test_Attack_ASumThatWrapsIsRefused() public {
        settleFour(10e6, 20e6);
        vm.warp(block.timestamp + 2 days);
        JobEscrow.Debit[] memory none = new JobEscrow.Debit[](0);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NetAboveDebits.selector, uint256(type(uint96).max) - 37e6, 0));
        escrow.propose(bytes32("root"), type(uint96).max, 0, none);
    }

    /// @dev Amounts that do not fit their width never reach the code.
    function test_Attack_ACumulativeAbove96BitsIsRefused() public {
        settleFour(10e6, 20e6);
        bytes memory call = abi.encodeWithSelector(distributor.claim.selector, bob, (1 << 96) + 10e6, proofOf(0));
        (bool isDone,) = address(distributor).call(call);
        vm.assertFalse(isDone);
        vm.assertEq(claim(0), 10e6);
    }

    // ── a token that calls back ──

    OddToken private odd;

    function useOddToken() private {
        odd = new OddToken(6);
        JobEscrow.Settings memory s = settings();
        s.token = IERC20(address(odd));
        deploy(s);
        odd.mint(alice, 1_000e6);
        vm.prank(alice);
        odd.approve(address(escrow), type(uint256).max);
        settleFour(10e6, 20e6);
    }

    function refusedInside() private view {
        vm.assertFalse(odd.hookSucceeded());
        vm.assertEq(
            keccak256(odd.hookError()), keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
        );
    }

    function claimOf(uint256 index) private view returns (bytes memory) {
        return abi.encodeCall(distributor.claim, (accounts[index], amounts[index], proofOf(index)));
    }

    function test_Attack_ReenteringAClaimIsRefused() public {
        useOddToken();
        odd.callOnTransfer(bob, address(distributor), claimOf(1));
        vm.assertEq(claim(0), 10e6);
        refusedInside();
        vm.assertEq(odd.balanceOf(carol), 0);
    }

    function test_Attack_ReenteringABatchIsRefused() public {
        useOddToken();
        odd.callOnTransfer(bob, address(distributor), claimOf(0));
        (address[] memory who, uint96[] memory sums) = (new address[](2), new uint96[](2));
        (who[0], who[1], sums[0], sums[1]) = (accounts[1], accounts[0], amounts[1], amounts[0]);
        vm.assertEq(distributor.claimBatch(who, sums, Tree.proofOf(Tree.build(accounts, amounts), 0, 2)), 30e6);
        refusedInside();
        vm.assertEq(odd.balanceOf(bob), 10e6);
    }

    function test_Attack_ReenteringClaimToIsRefused() public {
        useOddToken();
        bytes32[] memory proof = proofOf(0);
        RewardDistributor.ClaimTo memory order =
            RewardDistributor.ClaimTo(bob, mallory, address(0), 10e6, 0, 0, block.timestamp);
        (address[] memory who, uint96[] memory sums) = (new address[](1), new uint96[](1));
        (who[0], sums[0]) = (accounts[1], amounts[1]);
        odd.callOnTransfer(mallory, address(distributor), abi.encodeCall(distributor.claimBatch, (who, sums, proofOf(1))));
        vm.prank(bob);
        distributor.claimTo(order, proof, "");
        refusedInside();
        odd.callOnTransfer(carol, address(distributor), abi.encodeCall(distributor.claimTo, (order, proof, "")));
        claim(1);
        refusedInside();
    }

    function test_Attack_ReenteringTheEscrowIsRefused() public {
        useOddToken();
        bytes[5] memory calls = [
            abi.encodeCall(escrow.finalize, ()),
            abi.encodeCall(escrow.fund, (ID, 1, 1)),
            abi.encodeCall(escrow.withdraw, (ID, mallory)),
            abi.encodeCall(escrow.release, (ID, mallory, 1, block.timestamp, "")),
            abi.encodeCall(escrow.propose, (bytes32("root"), 1, 0, new JobEscrow.Debit[](0)))
        ];
        for (uint256 i; i < calls.length; ++i) {
            odd.callOnTransfer(alice, address(escrow), calls[i]);
            fund(alice, 1e6);
            refusedInside();
        }
    }

    function test_Attack_ReenteringWhileAnEpochIsFinalizedOrAnOwnerLeavesIsRefused() public {
        useOddToken();
        fund(alice, 10e6);
        propose(bytes32("root"), 37e6 + 95e5, 10e6);
        odd.callOnTransfer(address(distributor), address(escrow), abi.encodeCall(escrow.finalize, ()));
        finalize();
        refusedInside();
        odd.callOnTransfer(mallory, address(escrow), abi.encodeCall(escrow.finalize, ()));
        vm.prank(admin);
        escrow.withdrawFees(mallory);
        refusedInside();
        fund(alice, 10e6);
        vm.startPrank(alice);
        escrow.requestWithdraw(ID);
        vm.warp(block.timestamp + EXIT);
        odd.callOnTransfer(carol, address(escrow), abi.encodeCall(escrow.finalize, ()));
        escrow.withdraw(ID, carol);
        refusedInside();
    }

    function test_Attack_ReenteringAReleaseIsRefused() public {
        useOddToken();
        fund(alice, 10e6);
        bytes32 structHash = keccak256(
            abi.encode(keccak256("Release(bytes32 budget,uint256 amount,uint256 nonce,uint256 deadline)"), keyOf(alice), 4e6, 0, block.timestamp)
        );
        bytes memory signature = signWith(OPERATOR_KEY, domainOf("Shoal JobEscrow", address(escrow)), structHash);
        odd.callOnTransfer(carol, address(escrow), abi.encodeCall(escrow.finalize, ()));
        vm.prank(alice);
        escrow.release(ID, carol, 4e6, block.timestamp, signature);
        refusedInside();
    }

    /// @dev The token may call back into the escrow while a batch is paid; the new root's epoch must survive the batch.
    function test_Attack_AnEpochFinalizedFromWithinABatchKeepsItsNumber() public {
        useOddToken();
        fund(alice, 10e6);
        propose(bytes32("root"), 47e6, 10e6);
        vm.warp(block.timestamp + 2 days);
        odd.callOnTransfer(bob, address(escrow), abi.encodeCall(escrow.finalize, ()));
        (address[] memory who, uint96[] memory sums) = (new address[](1), new uint96[](1));
        (who[0], sums[0]) = (bob, 10e6);
        distributor.claimBatch(who, sums, proofOf(0));
        vm.assertTrue(odd.hookSucceeded());
        (uint80 level,,,, uint32 epoch) = distributor.outflow();
        vm.assertEq(epoch, 2);
        vm.assertEq(level, CAP - 10e6);
    }
}
