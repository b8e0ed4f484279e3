// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../src/JobEscrow.sol";
import {PoolHandler} from "./support/PoolHandler.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// After any run of deposits, epochs (honest and lying), vetoes, claims of each kind, exits, releases, pauses and time.
contract InvariantsTest is World {
    PoolHandler private pool;

    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        super.setUp();
        pool = new PoolHandler(escrow, token, admin, guardian, OPERATOR_KEY);
        token.transfer(address(pool), 50_000_000e6);
        pool.arm();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(pool);
    }

    function targetSelectors() external view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        targets[0] = Selectors(address(pool), pool.actions());
    }

    /// forge-config: default.invariant.fail-on-revert = true
    function invariant_TheBooksHoldOnChain() external view {
        (,, uint96 net, uint96 fee,) = escrow.pending();
        uint256 sum = pool.budgetSum();
        vm.assertEq(token.balanceOf(address(escrow)), sum + net + fee + escrow.feesAccrued(), "I1 the escrow's balance");
        vm.assertEq(escrow.totalBudget(), sum, "I2 the sum of budgets");
        uint256 paid = pool.claimedSum();
        vm.assertEq(token.balanceOf(address(distributor)), escrow.settledTotal() - paid, "I3 the distributor's balance");
        vm.assertLe(paid, escrow.settledTotal(), "I4 claimed is settled");
        vm.assertEq(
            pool.deposited(),
            escrow.settledTotal() + net + fee + escrow.feesAccrued() + pool.feesPaid() + pool.refunded() + sum,
            "I5 deposits are accounted for"
        );
        (uint80 level, uint80 capacity,,,) = distributor.outflow();
        vm.assertLe(level, capacity, "I6 the bucket");
        vm.assertLe(distributor.available(), capacity, "I6 what may leave");
        vm.assertEq(pool.forgedClaims(), 0, "I7 a forged claim was paid");
        vm.assertEq(pool.debitsAfterExit(), 0, "I8 a closed budget was debited");
        vm.assertEq(pool.refusedExits(), 0, "an owner's way out was refused");
        vm.assertLe(pool.feesTaken() * 10_000, pool.grossSettled() * escrow.feeBps(), "the fee's bound");
    }

    /// @dev Proves that the handler's calls do something: every kind of event occurs in a plain run through it.
    function test_Handler_ReachesEveryState() public {
        for (uint256 i; i < 3_000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            bytes4[] memory actions = pool.actions();
            (bool isDone,) = address(pool).call(abi.encodeWithSelector(actions[seed % actions.length], seed >> 8, seed >> 16));
            vm.assertTrue(isDone, "an action reverted");
        }
        vm.assertLt(20, pool.claims());
        vm.assertLt(5, pool.batches());
        vm.assertLt(5, pool.signedClaims());
        vm.assertLt(5, pool.vetoes());
        vm.assertLt(5, pool.finalized());
        vm.assertLt(2, pool.lies());
        vm.assertLt(2, pool.exits());
        vm.assertLt(5, pool.releases());
        vm.assertLt(5, pool.forgeries());
        vm.assertLt(1, pool.closedDebitAttempts());
        this.invariant_TheBooksHoldOnChain();
    }
}
