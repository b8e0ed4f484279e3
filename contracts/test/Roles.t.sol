// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {Wallet1271} from "./support/OddTokens.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// Roles, pauses, settings and fees: who may, who may not, and what bounds those who may.
contract RolesTest is World {
    function invalid(JobEscrow.Settings memory s, string memory name) private {
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.SettingInvalid.selector, name));
        create(s);
    }

    function test_Deploy_RevertWhen_ASettingIsOutOfBounds() public {
        JobEscrow.Settings memory s = settings();
        s.feeBps = 3_001;
        invalid(s, "feeBps");
        s = settings();
        s.challengeWindow = 0;
        invalid(s, "challengeWindow");
        s.challengeWindow = 30 days + 1;
        invalid(s, "challengeWindow");
        s = settings();
        s.minInterval = 30 days + 1;
        invalid(s, "minInterval");
        s = settings();
        s.withdrawDelay = s.minInterval + s.challengeWindow;
        invalid(s, "withdrawDelay");
        s.withdrawDelay = 90 days + 1;
        invalid(s, "withdrawDelay");
        s = settings();
        s.refillPeriod = 0;
        invalid(s, "refillPeriod");
        s.refillPeriod = 30 days + 1;
        invalid(s, "refillPeriod");
    }

    function test_Deploy_TakesEachSettingAtItsBound() public {
        JobEscrow.Settings memory s = settings();
        (s.feeBps, s.challengeWindow, s.minInterval, s.withdrawDelay, s.refillPeriod) = (3_000, 30 days, 30 days, 90 days, 30 days);
        deploy(s);
        vm.assertEq(escrow.feeBps(), 3_000);
        (s.challengeWindow, s.minInterval, s.withdrawDelay, s.refillPeriod) = (1, 0, 2, 1);
        deploy(s);
        vm.assertEq(escrow.withdrawDelay(), 2);
        vm.assertEq(distributor.refillSeconds(), 1);
        vm.assertEq(distributor.available(), CAP);
        vm.assertEq(escrow.keyOf(alice, ID), keyOf(alice));
    }

    function test_Deploy_RevertWhen_OperatorIsGuardian() public {
        JobEscrow.Settings memory s = settings();
        s.guardian = operator;
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.OperatorIsGuardian.selector, operator));
        create(s);
        vm.startPrank(admin);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.OperatorIsGuardian.selector, guardian));
        escrow.setOperator(guardian);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.OperatorIsGuardian.selector, operator));
        escrow.setGuardian(operator);
    }

    function test_Admin_SeatsOperatorAndGuardian() public {
        vm.startPrank(admin);
        escrow.setOperator(mallory);
        escrow.setGuardian(carol);
        vm.assertEq(escrow.operator(), mallory);
        vm.assertEq(escrow.guardian(), carol);
    }

    function test_Admin_RevertWhen_CallerIsNotAdmin() public {
        bytes[6] memory calls = [
            abi.encodeCall(escrow.setOperator, (mallory)),
            abi.encodeCall(escrow.setGuardian, (mallory)),
            abi.encodeCall(escrow.setEpochCap, (type(uint96).max)),
            abi.encodeCall(escrow.setOutflowCapacity, (type(uint80).max)),
            abi.encodeCall(escrow.withdrawFees, (mallory)),
            abi.encodeCall(escrow.unpause, ())
        ];
        address[3] memory callers = [operator, guardian, mallory];
        for (uint256 i; i < calls.length; ++i) {
            for (uint256 j; j < callers.length; ++j) {
                vm.prank(callers[j]);
                (bool isDone, bytes memory reason) = address(escrow).call(calls[i]);
                vm.assertFalse(isDone);
                bytes memory expected = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, callers[j]);
                vm.assertEq(keccak256(reason), keccak256(expected));
            }
        }
    }

    function test_Distributor_RevertWhen_CallerIsNotTheEscrow() public {
        address[3] memory callers = [operator, admin, mallory];
        for (uint256 i; i < 3; ++i) {
            bytes memory reason = abi.encodeWithSelector(RewardDistributor.NotEscrow.selector, callers[i]);
            vm.startPrank(callers[i]);
            vm.expectRevert(reason);
            distributor.setRoot(bytes32("mine"), 1, 1);
            vm.expectRevert(reason);
            distributor.setOutflowCapacity(type(uint80).max);
            vm.expectRevert(reason);
            distributor.setPausedUntil(0);
            vm.stopPrank();
        }
    }

    function test_Renounce_IsRefused() public {
        vm.prank(admin);
        vm.expectRevert(JobEscrow.RenounceRefused.selector);
        escrow.renounceOwnership();
    }

    function test_Transfer_NeedsTheNewAdminsConsent() public {
        vm.prank(admin);
        escrow.transferOwnership(carol);
        vm.assertEq(escrow.owner(), admin);
        vm.prank(carol);
        escrow.acceptOwnership();
        vm.assertEq(escrow.owner(), carol);
    }

    // ── pause ──

    function test_Pause_RevertWhen_CallerIsNeitherGuardianNorAdmin() public {
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NotGuardian.selector, operator));
        escrow.pause(1);
        vm.prank(admin);
        escrow.pause(1);
        vm.assertEq(escrow.pausedUntil(), block.timestamp + 1);
    }

    function test_Pause_RevertWhen_ZeroOrLongerThanSevenDays() public {
        vm.startPrank(guardian);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.PauseTooLong.selector, 0));
        escrow.pause(0);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.PauseTooLong.selector, 7 days + 1));
        escrow.pause(7 days + 1);
        escrow.pause(7 days);
    }

    function test_Pause_RevertWhen_TheLastOneEndedLessThan37DaysAgo() public {
        vm.startPrank(guardian);
        escrow.pause(7 days);
        uint256 possibleAt = block.timestamp + 44 days;
        vm.warp(possibleAt - 1);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.PauseTooSoon.selector, possibleAt));
        escrow.pause(1);
        vm.warp(possibleAt);
        escrow.pause(1);
    }

    function test_Unpause_EndsAPauseEarlyAndChangesNothingOtherwise() public {
        vm.prank(admin);
        escrow.unpause();
        vm.assertEq(escrow.pausedUntil(), 0);
        settleFour(10e6, 20e6);
        vm.prank(guardian);
        escrow.pause(7 days);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ClaimsPaused.selector, block.timestamp + 7 days));
        this.claimFirst();
        vm.prank(admin);
        escrow.unpause();
        vm.assertEq(claim(0), 10e6);
    }

    function test_Pause_ClaimsOpenAgainByThemselves() public {
        settleFour(10e6, 20e6);
        vm.prank(guardian);
        escrow.pause(7 days);
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(RewardDistributor.ClaimsPaused.selector, block.timestamp + 1));
        this.claimFirst();
        vm.warp(block.timestamp + 1);
        vm.assertEq(claim(0), 10e6);
    }

    function claimFirst() external {
        claim(0);
    }

    // ── fees ──

    function test_WithdrawFees_PaysWhatHasAccrued() public {
        fund(alice, 100e6);
        propose(bytes32("root"), 95e6, 100e6);
        finalize();
        vm.startPrank(admin);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.ReceiverInvalid.selector, address(0)));
        escrow.withdrawFees(address(0));
        escrow.withdrawFees(carol);
        vm.assertEq(token.balanceOf(carol), 5e6);
        vm.assertEq(escrow.owed(), 0);
        vm.expectRevert(JobEscrow.NothingToWithdraw.selector);
        escrow.withdrawFees(carol);
    }

    function test_WithdrawFees_RevertWhen_TheEpochIsOnlyPending() public {
        fund(alice, 100e6);
        propose(bytes32("root"), 95e6, 100e6);
        vm.prank(admin);
        vm.expectRevert(JobEscrow.NothingToWithdraw.selector);
        escrow.withdrawFees(carol);
    }

    // ── a timelock as admin ──

    function test_Timelock_AsAdminDelaysEveryChangeOfRoles() public {
        address[] memory councils = new address[](1);
        councils[0] = carol;
        TimelockController timelock = new TimelockController(2 days, councils, councils, address(0));
        JobEscrow.Settings memory s = settings();
        s.admin = address(timelock);
        deploy(s);
        bytes memory call = abi.encodeCall(escrow.setOperator, (mallory));
        vm.startPrank(carol);
        timelock.schedule(address(escrow), 0, call, 0, 0, 2 days);
        vm.expectRevert();
        timelock.execute(address(escrow), 0, call, 0, 0);
        vm.warp(block.timestamp + 2 days);
        timelock.execute(address(escrow), 0, call, 0, 0);
        vm.assertEq(escrow.operator(), mallory);
    }

    function test_Admin_MayBeAContractWallet() public {
        Wallet1271 wallet = new Wallet1271(operator);
        vm.prank(admin);
        escrow.transferOwnership(address(wallet));
        vm.startPrank(address(wallet));
        escrow.acceptOwnership();
        escrow.setEpochCap(7);
        vm.assertEq(escrow.epochCap(), 7);
    }
}
