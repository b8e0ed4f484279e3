// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {JobEscrow} from "../src/JobEscrow.sol";
import {OddToken} from "./support/OddTokens.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// fund
/// ├── when the amount is zero → revert
/// ├── when the token keeps a part of the transfer → revert
/// ├── when the token holds less than is owed → revert
/// └── otherwise: the budget of the caller grows, its cap is set, an exit ends
contract FundTest is World {
    uint256 private constant OWNER_KEY = 0x0FE;

    function test_Fund_RevertWhen_AmountIsZero() public {
        vm.prank(alice);
        vm.expectRevert(JobEscrow.AmountZero.selector);
        escrow.fund(ID, 0, CAP);
    }

    function test_Fund_GrowsTheBudgetOfTheCallerAlone() public {
        vm.expectEmit(address(escrow));
        emit JobEscrow.BudgetFunded(keyOf(alice), alice, ID, 5e6, 5e6);
        fund(alice, 5e6);
        fund(alice, 7e6);
        (uint96 balance, uint96 cap, uint40 withdrawAt, uint24 releases) = escrow.budgets(keyOf(alice));
        vm.assertEq(balance, 12e6);
        vm.assertEq(cap, CAP);
        vm.assertEq(withdrawAt, 0);
        vm.assertEq(releases, 0);
        vm.assertEq(balanceOf(mallory), 0);
        vm.assertEq(escrow.totalBudget(), 12e6);
        vm.assertEq(escrow.owed(), 12e6);
        vm.assertEq(token.balanceOf(address(escrow)), 12e6);
    }

    function test_Fund_EndsAnExitUnderWay() public {
        fund(alice, 5e6);
        vm.prank(alice);
        escrow.requestWithdraw(ID);
        fund(alice, 5e6);
        vm.warp(block.timestamp + EXIT);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.NoWithdrawRequested.selector, keyOf(alice)));
        escrow.withdraw(ID, alice);
    }

    function test_Fund_RevertWhen_AllowanceIsShort() public {
        vm.startPrank(alice);
        token.approve(address(escrow), 4e6);
        vm.expectRevert();
        escrow.fund(ID, 5e6, CAP);
    }

    function test_Fund_RevertWhen_BudgetsWouldOverflow() public {
        OddToken odd = useOddToken();
        odd.mint(alice, type(uint128).max);
        fund(alice, type(uint96).max);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        escrow.fund(ID, 1, CAP);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        escrow.fund(bytes32("another"), 1, CAP);
    }

    function test_FundWithPermit_NeedsNoApproval() public {
        address owner = ownerWithPermit();
        (uint8 v, bytes32 r, bytes32 s) = permit(owner, 9e6);
        vm.prank(owner);
        escrow.fundWithPermit(ID, 9e6, CAP, block.timestamp, v, r, s);
        vm.assertEq(balanceOf(owner), 9e6);
    }

    function test_FundWithPermit_WorksWhen_SomebodyUsedThePermitBefore() public {
        address owner = ownerWithPermit();
        (uint8 v, bytes32 r, bytes32 s) = permit(owner, 9e6);
        vm.prank(mallory);
        token.permit(owner, address(escrow), 9e6, block.timestamp, v, r, s);
        vm.prank(owner);
        escrow.fundWithPermit(ID, 9e6, CAP, block.timestamp, v, r, s);
        vm.assertEq(balanceOf(owner), 9e6);
    }

    function test_FundWithPermit_RevertWhen_PermitIsForLess() public {
        address owner = ownerWithPermit();
        (uint8 v, bytes32 r, bytes32 s) = permit(owner, 8e6);
        vm.prank(owner);
        vm.expectRevert();
        escrow.fundWithPermit(ID, 9e6, CAP, block.timestamp, v, r, s);
    }

    function test_FundWithPermit_RevertWhen_AnotherUsesThePermit() public {
        address owner = ownerWithPermit();
        (uint8 v, bytes32 r, bytes32 s) = permit(owner, 9e6);
        vm.prank(mallory);
        vm.expectRevert();
        escrow.fundWithPermit(ID, 9e6, CAP, block.timestamp, v, r, s);
    }

    function test_SetBudgetCap_SetsTheCallersOwn() public {
        fund(alice, 5e6);
        vm.prank(mallory);
        escrow.setBudgetCap(ID, 1);
        (, uint96 cap,,) = escrow.budgets(keyOf(alice));
        vm.assertEq(cap, CAP);
        vm.prank(alice);
        escrow.setBudgetCap(ID, 2);
        (, cap,,) = escrow.budgets(keyOf(alice));
        vm.assertEq(cap, 2);
        vm.assertEq(balanceOf(alice), 5e6);
    }

    function test_Deploy_RevertWhen_TokenHasNotSixDecimals() public {
        JobEscrow.Settings memory s = settings();
        s.token = IERC20(address(new OddToken(18)));
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.DecimalsInvalid.selector, 18));
        create(s);
    }

    function test_Fund_RevertWhen_TokenTakesAFee() public {
        OddToken odd = useOddToken();
        odd.setFeeBps(1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.AmountChanged.selector, 1e6, 999_900));
        escrow.fund(ID, 1e6, CAP);
    }

    function test_Fund_RevertWhen_TokenHasTakenBalancesAway() public {
        OddToken odd = useOddToken();
        fund(alice, 5e6);
        odd.shrink(address(escrow), 1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.TokenShort.selector, 10e6 - 1, 10e6));
        escrow.fund(ID, 5e6, CAP);
    }

    function test_Propose_RevertWhen_TokenHasTakenBalancesAway() public {
        OddToken odd = useOddToken();
        fund(alice, 5e6);
        odd.shrink(address(escrow), 1);
        JobEscrow.Debit[] memory debits = debitsOf(alice, 1e6);
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.TokenShort.selector, 5e6 - 1, 5e6));
        escrow.propose(bytes32("root"), 1e6, 0, debits);
    }

    function test_Finalize_RevertWhen_TokenHasBegunToTakeAFee() public {
        OddToken odd = useOddToken();
        fund(alice, 5e6);
        propose(bytes32("root"), 1e6, 1e6);
        odd.setFeeBps(100);
        vm.warp(block.timestamp + escrow.challengeWindow());
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.AmountChanged.selector, 1e6, 990_000));
        escrow.finalize();
    }

    function test_Finalize_RevertWhen_TokenHasTakenBalancesAway() public {
        OddToken odd = useOddToken();
        fund(alice, 5e6);
        propose(bytes32("root"), 1e6, 1e6);
        odd.shrink(address(escrow), 1);
        vm.warp(block.timestamp + escrow.challengeWindow());
        vm.expectRevert(abi.encodeWithSelector(JobEscrow.TokenShort.selector, 4e6 - 1, 4e6));
        escrow.finalize();
    }

    function test_Fund_WorksWhen_SomebodyHasGivenTheContractTokens() public {
        token.transfer(address(escrow), 3);
        fund(alice, 5e6);
        vm.assertEq(escrow.owed(), 5e6);
    }

    function useOddToken() private returns (OddToken odd) {
        odd = new OddToken(6);
        JobEscrow.Settings memory s = settings();
        s.token = IERC20(address(odd));
        deploy(s);
        odd.mint(alice, 1_000e6);
        vm.prank(alice);
        odd.approve(address(escrow), type(uint256).max);
    }

    function ownerWithPermit() private returns (address owner) {
        owner = vm.addr(OWNER_KEY);
        token.transfer(owner, 20e6);
    }

    function permit(address owner, uint256 amount) private view returns (uint8, bytes32, bytes32) {
        bytes32 typeHash = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, owner, address(escrow), amount, token.nonces(owner), block.timestamp));
        return vm.sign(OWNER_KEY, keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), structHash)));
    }
}
