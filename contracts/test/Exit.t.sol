// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {OddToken, Wallet1271} from "./support/OddTokens.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// requestWithdraw → withdraw
/// ├── before the delay → revert; debits still succeed
/// ├── from the delay on: debits fail, the owner takes everything, also while paused and suspended
/// └── a veto afterwards brings money back that can be withdrawn at once
/// release
/// ├── expired · forged · another's · used before · for another chain or contract · above the balance → revert
/// └── otherwise: pays at once
contract ExitTest is World {
    bytes32 private constant RELEASE = keccak256("Release(bytes32 budget,uint256 amount,uint256 nonce,uint256 deadline)");

    function setUp() public override {
        super.setUp();
        fund(alice, 100e6);
    }

    function request() private {
        vm.prank(alice);
        escrow.requestWithdraw(ID);
    }

    function withdraw() private {
        vm.prank(alice);
        escrow.withdraw(ID, carol);
    }

    function test_Withdraw_RevertWhen_NotRequested() public {
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NoWithdrawRequested.selector, keyOf(alice)));
        withdraw();
    }

    function test_Withdraw_RevertWhen_OneSecondTooSoon() public {
        request();
        uint256 withdrawAt = block.timestamp + EXIT;
        vm.warp(withdrawAt - 1);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.WithdrawTooSoon.selector, withdrawAt));
        withdraw();
    }

    function test_Withdraw_PaysTheWholeBudgetAfterTheDelay() public {
        request();
        vm.warp(block.timestamp + EXIT);
        vm.expectEmit(address(escrow));
        emit JobEscrow.BudgetWithdrawn(keyOf(alice), carol, 100e6);
        withdraw();
        vm.assertEq(token.balanceOf(carol), 100e6);
        vm.assertEq(escrow.owed(), 0);
        vm.expectRevert(JobEscrow.NothingToWithdraw.selector);
        withdraw();
    }

    function test_Withdraw_NoPauseAndNoSuspensionStopsIt() public {
        request();
        propose(bytes32("root"), 1e6, 1e6);
        vm.prank(guardian);
        escrow.veto(debitsOf(alice, 1e6));
        vm.warp(block.timestamp + EXIT);
        vm.prank(guardian);
        escrow.pause(7 days);
        withdraw();
        vm.assertEq(token.balanceOf(carol), 100e6);
    }

    function test_Withdraw_RevertWhen_ReceiverIsThePoolItself() public {
        request();
        vm.warp(block.timestamp + EXIT);
        address[3] memory receivers = [address(0), address(escrow), address(distributor)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(JobEscrow.ReceiverInvalid.selector, receivers[i]));
            escrow.withdraw(ID, receivers[i]);
        }
    }

    function test_RequestWithdraw_AgainDoesNotMoveTheTime() public {
        request();
        (,, uint40 first,) = escrow.budgets(keyOf(alice));
        vm.warp(block.timestamp + 3 days);
        request();
        (,, uint40 second,) = escrow.budgets(keyOf(alice));
        vm.assertEq(first, block.timestamp - 3 days + EXIT);
        vm.assertEq(first, second);
    }

    function test_CancelWithdraw_OpensTheBudget() public {
        request();
        vm.startPrank(alice);
        escrow.cancelWithdraw(ID);
        vm.warp(block.timestamp + EXIT);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NoWithdrawRequested.selector, keyOf(alice)));
        escrow.withdraw(ID, carol);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NoWithdrawRequested.selector, keyOf(alice)));
        escrow.cancelWithdraw(ID);
        vm.stopPrank();
        propose(bytes32("root"), 1e6, 1e6);
        vm.assertEq(balanceOf(alice), 99e6);
    }

    function test_Propose_TakesFromABudgetOneSecondBeforeItCloses() public {
        request();
        vm.warp(block.timestamp + EXIT - 1);
        propose(bytes32("root"), 1e6, 1e6);
        vm.assertEq(balanceOf(alice), 99e6);
    }

    function test_Propose_RevertWhen_BudgetIsClosed() public {
        request();
        uint256 withdrawAt = block.timestamp + EXIT;
        vm.warp(withdrawAt);
        JobEscrow.Debit[] memory debits = debitsOf(alice, 1e6);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.BudgetClosed.selector, keyOf(alice), withdrawAt));
        escrow.propose(bytes32("root"), 1e6, 0, debits);
    }

    function test_Veto_AfterTheExitBringsTheRestBackWithinReach() public {
        request();
        vm.warp(block.timestamp + EXIT - 1);
        propose(bytes32("root"), 1e6, 1e6);
        vm.warp(block.timestamp + 1);
        withdraw();
        vm.assertEq(token.balanceOf(carol), 99e6);
        vm.prank(guardian);
        escrow.veto(debitsOf(alice, 1e6));
        withdraw();
        vm.assertEq(token.balanceOf(carol), 100e6);
    }

    function test_Withdraw_ToAReceiverWhoIsNotDenied() public {
        OddToken odd = new OddToken(6);
        JobEscrow.Settings memory s = settings();
        s.token = IERC20(address(odd));
        deploy(s);
        odd.mint(alice, 5e6);
        vm.prank(alice);
        odd.approve(address(escrow), 5e6);
        fund(alice, 5e6);
        request();
        odd.deny(alice, true);
        vm.warp(block.timestamp + EXIT);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(OddToken.Denied.selector, alice));
        escrow.withdraw(ID, alice);
        withdraw();
        vm.assertEq(odd.balanceOf(carol), 5e6);
    }

    // ── release ──

    function signRelease(uint256 key, address owner, uint256 amount, uint256 nonce) private view returns (bytes memory) {
        bytes32 structHash = keccak256(abi.encode(RELEASE, keyOf(owner), amount, nonce, block.timestamp));
        return signWith(key, domainOf("Shoal JobEscrow", address(escrow)), structHash);
    }

    function release(address owner, uint96 amount, bytes memory signature) private {
        vm.prank(owner);
        escrow.release(ID, carol, amount, block.timestamp, signature);
    }

    function test_Release_PaysAtOnce() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        vm.expectEmit(address(escrow));
        emit JobEscrow.BudgetReleased(keyOf(alice), carol, 40e6);
        release(alice, 40e6, signature);
        vm.assertEq(token.balanceOf(carol), 40e6);
        vm.assertEq(balanceOf(alice), 60e6);
        vm.assertEq(escrow.owed(), 60e6);
        (,,, uint24 releases) = escrow.budgets(keyOf(alice));
        vm.assertEq(releases, 1);
    }

    function test_Release_RevertWhen_UsedASecondTime() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        release(alice, 40e6, signature);
        fund(alice, 40e6);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
    }

    function test_Release_RevertWhen_SignedByAnother() public {
        bytes memory signature = signRelease(PAYEE_KEY, alice, 40e6, 0);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
    }

    function test_Release_RevertWhen_SignedForAnotherOwnerOrAmount() public {
        fund(alice, 1e6);
        give(mallory, 100e6);
        fund(mallory, 100e6);
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(mallory, 40e6, signature);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 41e6, signature);
    }

    function test_Release_RevertWhen_SignedForAnotherChain() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        vm.chainId(10);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
    }

    function test_Release_RevertWhen_SignedForAnotherContract() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        deploy(settings());
        vm.prank(alice);
        token.approve(address(escrow), 100e6);
        fund(alice, 100e6);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
    }

    function test_Release_RevertWhen_Expired() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        uint256 deadline = block.timestamp;
        vm.warp(deadline + 1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.SignatureExpired.selector, deadline));
        escrow.release(ID, carol, 40e6, deadline, signature);
    }

    function test_Release_RevertWhen_TheDeadlineIsNotAsSigned() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        vm.prank(alice);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        escrow.release(ID, carol, 40e6, block.timestamp + 1, signature);
    }

    function test_Release_RevertWhen_OperatorIsSuspended() public {
        propose(bytes32("root"), 1e6, 1e6);
        vm.prank(guardian);
        escrow.veto(debitsOf(alice, 1e6));
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 40e6, 0);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, new bytes(65));
    }

    function test_Release_RevertWhen_AmountIsZeroOrAboveTheBudget() public {
        bytes memory signature = signRelease(OPERATOR_KEY, alice, 0, 0);
        vm.expectRevert(JobEscrow.AmountZero.selector);
        this.releaseFrom(alice, 0, signature);
        signature = signRelease(OPERATOR_KEY, alice, 101e6, 0);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.OverBudget.selector, keyOf(alice), 101e6, 100e6));
        this.releaseFrom(alice, 101e6, signature);
    }

    function test_Release_TakesTheSignatureOfAContractOperator() public {
        Wallet1271 wallet = new Wallet1271(operator);
        vm.prank(admin);
        escrow.setOperator(address(wallet));
        release(alice, 40e6, signRelease(OPERATOR_KEY, alice, 40e6, 0));
        vm.assertEq(token.balanceOf(carol), 40e6);
    }

    function test_Release_WorksWhilePaused() public {
        vm.prank(guardian);
        escrow.pause(1 days);
        release(alice, 40e6, signRelease(OPERATOR_KEY, alice, 40e6, 0));
        vm.assertEq(token.balanceOf(carol), 40e6);
    }

    function testFuzz_Release_NoOtherBytesAreASignature(bytes calldata signature) public {
        vm.expectRevert(JobEscrow.SignatureInvalid.selector);
        this.releaseFrom(alice, 40e6, signature);
    }

    /// @dev Outside, so that a revert can be expected of the one call.
    function releaseFrom(address owner, uint96 amount, bytes calldata signature) external {
        release(owner, amount, signature);
    }
}
