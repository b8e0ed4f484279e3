// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../src/JobEscrow.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {bound, vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// propose
/// ├── not the operator · paused · an epoch is pending · too soon · root zero → revert
/// ├── a budget twice · unsorted · above its cap · above its balance → revert
/// ├── above the global cap · sum lowered · more than the debits · fee above the bound → revert
/// └── otherwise: takes the debits at once and waits
/// veto
/// ├── not guardian nor admin · nothing pending · other debits → revert
/// └── otherwise, also after the window: restores, suspends the operator
/// finalize
/// ├── nothing pending · within the window · paused → revert
/// └── otherwise: anyone moves the net amount and the root
contract EpochTest is World {
    bytes32 private constant ROOT = bytes32("root");

    function setUp() public override {
        super.setUp();
        fund(alice, 1_000e6);
    }

    function refused(bytes memory reason, uint96 total, JobEscrow.Debit[] memory debits) private {
        vm.prank(operator);
        vm.expectRevert(reason);
        escrow.propose(ROOT, total, 0, debits);
    }

    function test_Propose_TakesTheDebitsAtOnce() public {
        vm.expectEmit(address(escrow));
        emit JobEscrow.BudgetDebited(keyOf(alice), 1, 100e6);
        vm.expectEmit(address(escrow));
        emit JobEscrow.EpochProposed(1, ROOT, bytes32("file"), 96e6, 100e6, 4e6, block.timestamp + 24 hours);
        propose(ROOT, 96e6, 100e6);
        vm.assertEq(balanceOf(alice), 900e6);
        vm.assertEq(escrow.totalBudget(), 900e6);
        vm.assertEq(escrow.owed(), 1_000e6);
        vm.assertEq(distributor.root(), bytes32(0));
        (bytes32 root,, uint96 net, uint96 fee, uint40 due) = escrow.pending();
        vm.assertEq(root, ROOT);
        vm.assertEq(net, 96e6);
        vm.assertEq(fee, 4e6);
        vm.assertEq(due, block.timestamp + 24 hours);
    }

    function test_Propose_RevertWhen_CallerIsNotOperator() public {
        JobEscrow.Debit[] memory debits = debitsOf(alice, 1e6);
        address[3] memory callers = [admin, guardian, mallory];
        for (uint256 i; i < 3; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(JobEscrow.NotOperator.selector, callers[i]));
            escrow.propose(ROOT, 1e6, 0, debits);
        }
    }

    function test_Propose_RevertWhen_Paused() public {
        vm.prank(guardian);
        escrow.pause(1 days);
        refused(abi.encodeWithSelector(JobEscrow.Paused.selector, block.timestamp + 1 days), 1e6, debitsOf(alice, 1e6));
    }

    function test_Propose_RevertWhen_AnEpochIsPending() public {
        propose(ROOT, 1e6, 1e6);
        vm.warp(block.timestamp + 5 days);
        refused(abi.encodeWithSelector(JobEscrow.EpochPending.selector, 1), 2e6, debitsOf(alice, 1e6));
    }

    function test_Propose_RevertWhen_OneSecondTooSoon() public {
        JobEscrow.Settings memory s = settings();
        s.challengeWindow = 1 hours;
        deploy(s);
        vm.prank(alice);
        token.approve(address(escrow), type(uint256).max);
        fund(alice, 10e6);
        propose(ROOT, 1e6, 1e6);
        uint256 possibleAt = block.timestamp + 20 hours;
        finalize();
        vm.warp(possibleAt - 1);
        refused(abi.encodeWithSelector(JobEscrow.ProposalTooSoon.selector, possibleAt), 2e6, debitsOf(alice, 1e6));
        vm.warp(possibleAt);
        propose(ROOT, 2e6, 1e6);
        vm.assertEq(escrow.epoch(), 2);
    }

    function test_Propose_RevertWhen_RootIsZero() public {
        JobEscrow.Debit[] memory debits = debitsOf(alice, 1e6);
        vm.prank(operator);
        vm.expectRevert(JobEscrow.RootZero.selector);
        escrow.propose(bytes32(0), 1e6, 0, debits);
    }

    function test_Propose_RevertWhen_DebitsAreUnsortedOrRepeated() public {
        give(carol, 100e6);
        fund(carol, 100e6);
        (bytes32 low, bytes32 high) = keyOf(alice) < keyOf(carol) ? (keyOf(alice), keyOf(carol)) : (keyOf(carol), keyOf(alice));
        JobEscrow.Debit[] memory debits = new JobEscrow.Debit[](2);
        (debits[0], debits[1]) = (JobEscrow.Debit(high, 1e6), JobEscrow.Debit(low, 1e6));
        refused(abi.encodeWithSelector(JobEscrow.DebitsNotAscending.selector, low), 2e6, debits);
        debits[1].budget = high;
        refused(abi.encodeWithSelector(JobEscrow.DebitsNotAscending.selector, high), 2e6, debits);
        debits[0].budget = low;
        vm.prank(operator);
        escrow.propose(ROOT, 2e6, 0, debits);
        vm.assertEq(escrow.totalBudget(), 1_098e6);
    }

    function test_Propose_RevertWhen_ABudgetIsKeyZero() public {
        JobEscrow.Debit[] memory debits = new JobEscrow.Debit[](1);
        refused(abi.encodeWithSelector(JobEscrow.DebitsNotAscending.selector, bytes32(0)), 0, debits);
    }

    function test_Propose_RevertWhen_AboveTheBudgetsCap() public {
        vm.prank(alice);
        escrow.setBudgetCap(ID, 50e6);
        bytes memory reason = abi.encodeWithSelector(JobEscrow.OverBudgetCap.selector, keyOf(alice), 50e6 + 1, 50e6);
        refused(reason, 50e6, debitsOf(alice, 50e6 + 1));
        propose(ROOT, 50e6, 50e6);
        vm.assertEq(balanceOf(alice), 950e6);
    }

    function test_Propose_RevertWhen_AboveTheBalance() public {
        bytes memory reason = abi.encodeWithSelector(JobEscrow.OverBudget.selector, keyOf(alice), 1_001e6, 1_000e6);
        refused(reason, 1_001e6, debitsOf(alice, 1_001e6));
        propose(ROOT, 1_000e6, 1_000e6);
        vm.assertEq(balanceOf(alice), 0);
    }

    function test_Propose_RevertWhen_AboveTheGlobalCap() public {
        vm.prank(admin);
        escrow.setEpochCap(99e6);
        refused(abi.encodeWithSelector(JobEscrow.OverEpochCap.selector, 99e6 + 1, 99e6), 99e6, debitsOf(alice, 99e6 + 1));
        propose(ROOT, 99e6, 99e6);
        vm.assertEq(escrow.epochCap(), 99e6);
    }

    function test_Propose_RevertWhen_TheSumIsLowered() public {
        propose(ROOT, 100e6, 100e6);
        finalize();
        refused(abi.encodeWithSelector(JobEscrow.TotalBelowSettled.selector, 100e6 - 1, 100e6), 100e6 - 1, debitsOf(alice, 0));
        propose(ROOT, 100e6, 0);
        finalize();
        vm.assertEq(escrow.settledTotal(), 100e6);
    }

    function test_Propose_RevertWhen_MoreThanTheDebits() public {
        refused(abi.encodeWithSelector(JobEscrow.NetAboveDebits.selector, 100e6 + 1, 100e6), 100e6 + 1, debitsOf(alice, 100e6));
    }

    function test_Propose_RevertWhen_FeeIsOneUnitAboveTheBound() public {
        refused(abi.encodeWithSelector(JobEscrow.FeeTooHigh.selector, 5e6 + 1, 5e6), 95e6 - 1, debitsOf(alice, 100e6));
        propose(ROOT, 95e6, 100e6);
        (,,, uint96 fee,) = escrow.pending();
        vm.assertEq(fee, 5e6);
    }

    function testFuzz_Propose_RoundingNeverFavoursTheFee(uint96 gross, uint96 net) public {
        gross = uint96(bound(gross, 1, 1_000e6));
        net = uint96(bound(net, 0, gross));
        bool isAllowed = uint256(gross - net) * 10_000 <= uint256(gross) * 500;
        JobEscrow.Debit[] memory debits = debitsOf(alice, gross);
        vm.prank(operator);
        if (!isAllowed) vm.expectPartialRevert(JobEscrow.FeeTooHigh.selector);
        escrow.propose(ROOT, net, 0, debits);
        if (isAllowed) vm.assertEq(escrow.owed(), 1_000e6);
    }

    // ── veto ──

    function test_Veto_RestoresAndSuspends() public {
        propose(ROOT, 96e6, 100e6);
        vm.expectEmit(address(escrow));
        emit JobEscrow.BudgetRestored(keyOf(alice), 1, 100e6);
        vm.expectEmit(address(escrow));
        emit JobEscrow.EpochVetoed(1, guardian);
        vm.prank(guardian);
        escrow.veto(debitsOf(alice, 100e6));
        vm.assertEq(balanceOf(alice), 1_000e6);
        vm.assertEq(escrow.totalBudget(), 1_000e6);
        vm.assertEq(escrow.operator(), address(0));
        vm.warp(block.timestamp + 5 days);
        vm.expectRevert(JobEscrow.NoEpochPending.selector);
        escrow.finalize();
        refused(abi.encodeWithSelector(JobEscrow.NotOperator.selector, operator), 1e6, debitsOf(alice, 1e6));
        vm.prank(admin);
        escrow.setOperator(operator);
        propose(ROOT, 96e6, 100e6);
        vm.assertEq(escrow.epoch(), 2);
    }

    function test_Veto_AdminMayAndAlsoAfterTheWindow() public {
        propose(ROOT, 96e6, 100e6);
        vm.warp(block.timestamp + 10 days);
        vm.prank(admin);
        escrow.veto(debitsOf(alice, 100e6));
        vm.assertEq(balanceOf(alice), 1_000e6);
    }

    function test_Veto_RevertWhen_CallerIsNeither() public {
        propose(ROOT, 96e6, 100e6);
        JobEscrow.Debit[] memory debits = debitsOf(alice, 100e6);
        address[2] memory callers = [operator, mallory];
        for (uint256 i; i < 2; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(JobEscrow.NotGuardian.selector, callers[i]));
            escrow.veto(debits);
        }
    }

    function test_Veto_RevertWhen_NothingIsPending() public {
        JobEscrow.Debit[] memory debits = debitsOf(alice, 100e6);
        vm.prank(guardian);
        vm.expectRevert(JobEscrow.NoEpochPending.selector);
        escrow.veto(debits);
    }

    function test_Veto_RevertWhen_TheDebitsAreOthers() public {
        propose(ROOT, 96e6, 100e6);
        JobEscrow.Debit[] memory debits = debitsOf(mallory, 100e6);
        vm.startPrank(guardian);
        vm.expectRevert(JobEscrow.DebitsMismatch.selector);
        escrow.veto(debits);
        debits = debitsOf(alice, 101e6);
        vm.expectRevert(JobEscrow.DebitsMismatch.selector);
        escrow.veto(debits);
        vm.expectRevert(JobEscrow.DebitsMismatch.selector);
        escrow.veto(new JobEscrow.Debit[](0));
    }

    function test_Veto_CostsLessThanTheProposal() public {
        uint256 count = 200;
        JobEscrow.Debit[] memory debits = new JobEscrow.Debit[](count);
        vm.startPrank(alice);
        for (uint256 i; i < count; ++i) {
            escrow.fund(bytes32(i), 1e6, CAP);
            debits[i] = JobEscrow.Debit(escrow.keyOf(alice, bytes32(i)), 1e6);
        }
        vm.stopPrank();
        sort(debits);
        vm.prank(operator);
        uint256 before = gasleft();
        escrow.propose(ROOT, uint96(count * 1e6), 0, debits);
        uint256 proposed = before - gasleft();
        vm.prank(guardian);
        before = gasleft();
        escrow.veto(debits);
        vm.assertLt(before - gasleft(), proposed);
    }

    function sort(JobEscrow.Debit[] memory debits) private pure {
        for (uint256 i = 1; i < debits.length; ++i) {
            for (uint256 j = i; j > 0 && debits[j].budget < debits[j - 1].budget; --j) {
                (debits[j], debits[j - 1]) = (debits[j - 1], debits[j]);
            }
        }
    }

    // ── finalize ──

    function test_Finalize_AnyoneMovesTheMoneyAfterTheWindow() public {
        propose(ROOT, 96e6, 100e6);
        vm.warp(block.timestamp + 24 hours);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.RootSet(1, ROOT, 96e6);
        vm.expectEmit(address(escrow));
        emit JobEscrow.EpochFinalized(1, ROOT, 96e6, 4e6);
        vm.prank(mallory);
        escrow.finalize();
        vm.assertEq(distributor.root(), ROOT);
        vm.assertEq(token.balanceOf(address(distributor)), 96e6);
        vm.assertEq(escrow.settledTotal(), 96e6);
        vm.assertEq(escrow.feesAccrued(), 4e6);
        vm.assertEq(escrow.owed(), 904e6);
        (,,,, uint32 epoch) = distributor.outflow();
        vm.assertEq(epoch, 1);
        vm.expectRevert(JobEscrow.NoEpochPending.selector);
        escrow.finalize();
    }

    function test_Finalize_RevertWhen_OneSecondTooSoon() public {
        propose(ROOT, 96e6, 100e6);
        uint256 due = block.timestamp + 24 hours;
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.ChallengeWindowOpen.selector, due));
        escrow.finalize();
    }

    function test_Finalize_WaitsForTheEndOfAPauseOverTheWindow() public {
        propose(ROOT, 96e6, 100e6);
        vm.prank(guardian);
        escrow.pause(3 days);
        uint256 end = block.timestamp + 3 days;
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.Paused.selector, end));
        escrow.finalize();
        vm.warp(end);
        escrow.finalize();
        vm.assertEq(distributor.root(), ROOT);
    }
}
