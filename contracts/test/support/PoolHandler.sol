// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DemoDollar} from "../../demo/DemoDollar.sol";
import {JobEscrow} from "../../src/JobEscrow.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {Tree} from "./Tree.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Everybody of a pool at once: three owners, eight payees, an operator who sometimes lies, a guardian, a thief. No action reverts; what
/// must be refused is tried by a low-level call, and counted if it is not.
contract PoolHandler {
    bytes32 private constant ID = bytes32("standing");
    uint256 private constant OWNERS = 3;
    uint256 private constant PAYEES = 8;
    uint256 private constant PAYEE_KEYS = 0xBEEF00;
    address private constant THIEF = address(0xBAD);

    JobEscrow private immutable escrow;
    RewardDistributor private immutable distributor;
    DemoDollar private immutable token;
    address private immutable admin;
    address private immutable guardian;
    uint256 private immutable operatorKey;

    address[] private owners;
    address[] private payees;
    /// @dev What the honest ledger says each payee has earned, settled epochs only.
    uint96[] private earned;
    /// @dev The same with the pending epoch, and its debits, for the veto.
    uint96[] private earnedNext;
    JobEscrow.Debit[] private pendingDebits;
    bool private isLying;
    /// @dev The leaves of the current root.
    uint96[] private leaves;

    uint256 public deposited;
    uint256 public refunded;
    uint256 public feesPaid;
    uint256 public feesTaken;
    uint256 public grossSettled;
    uint256 public forgedClaims;
    uint256 public debitsAfterExit;
    uint256 public refusedExits;
    uint256 public claims;
    uint256 public batches;
    uint256 public signedClaims;
    uint256 public vetoes;
    uint256 public finalized;
    uint256 public lies;
    uint256 public exits;
    uint256 public releases;
    uint256 public forgeries;
    uint256 public closedDebitAttempts;

    constructor(JobEscrow escrow_, DemoDollar token_, address admin_, address guardian_, uint256 operatorKey_) {
        (escrow, distributor, token) = (escrow_, escrow_.distributor(), token_);
        (admin, guardian, operatorKey) = (admin_, guardian_, operatorKey_);
        earned = new uint96[](PAYEES);
        earnedNext = new uint96[](PAYEES);
        leaves = new uint96[](PAYEES);
        for (uint256 i; i < PAYEES; ++i) {
            payees.push(vm.addr(PAYEE_KEYS + i));
        }
        for (uint256 i; i < OWNERS; ++i) {
            owners.push(address(uint160(0xF000 + i)));
        }
    }

    function arm() external {
        for (uint256 i; i < OWNERS; ++i) {
            token.transfer(owners[i], 10_000_000e6);
            vm.prank(owners[i]);
            token.approve(address(escrow), type(uint256).max);
        }
    }

    function actions() external pure returns (bytes4[] memory list) {
        list = new bytes4[](13);
        (list[0], list[1], list[2]) = (this.fund.selector, this.propose.selector, this.conclude.selector);
        (list[3], list[4], list[5]) = (this.claim.selector, this.claimBatch.selector, this.claimTo.selector);
        (list[6], list[7], list[8]) = (this.exit.selector, this.release.selector, this.steal.selector);
        (list[9], list[10], list[11]) = (this.wait.selector, this.limit.selector, this.takeFees.selector);
        list[12] = this.hold.selector;
    }

    // ── actions ──

    function fund(uint256 who, uint256 amount) external {
        address owner = owners[who % OWNERS];
        amount = bound(amount, 1, 10_000e6);
        (,, uint40 withdrawAt,) = escrow.budgets(escrow.keyOf(owner, ID));
        // Funding ends an exit, so that few owners would ever be out if they all did.
        if (token.balanceOf(owner) < amount || (withdrawAt != 0 && who % 8 != 0)) return;
        vm.prank(owner);
        escrow.fund(ID, uint96(amount), uint96(bound(who >> 8, 1, 5_000e6)));
        deposited += amount;
    }

    /// @dev Takes something from every budget that is open. One proposal of four lies: its leaves sum to more than is paid for.
    function propose(uint256 seed, uint256 split) external {
        (,,,, uint40 finalizableAt) = escrow.pending();
        if (finalizableAt != 0 || escrow.operator() == address(0)) return;
        uint256 possibleAt = escrow.lastProposedAt() + escrow.minInterval();
        if (possibleAt < escrow.pausedUntil()) possibleAt = escrow.pausedUntil();
        if (block.timestamp < possibleAt) vm.warp(possibleAt);
        tryClosedDebit();
        (JobEscrow.Debit[] memory debits, uint256 gross) = debitsOf(seed);
        uint256 fee = bound(split, 0, (gross * escrow.feeBps()) / 10_000);
        share(gross - fee, split);
        isLying = seed % 4 == 0;
        if (isLying) {
            earnedNext[0] += 1_000e6;
            ++lies;
        }
        uint96 total = escrow.settledTotal() + uint96(gross - fee);
        vm.prank(vm.addr(operatorKey));
        escrow.propose(Tree.build(payees, earnedNext)[0], total, bytes32(seed), debits);
    }

    /// @dev A guardian sees every lie and sometimes vetoes an honest epoch too; otherwise anyone finalizes.
    function conclude(uint256 seed, uint256) external {
        (,, uint96 net, uint96 fee, uint40 finalizableAt) = escrow.pending();
        if (finalizableAt == 0) return;
        if (isLying || seed % 5 == 0) {
            vm.prank(guardian);
            escrow.veto(pendingDebits);
            vm.prank(admin);
            escrow.setOperator(vm.addr(operatorKey));
            earnedNext = earned;
            ++vetoes;
            return;
        }
        uint256 possibleAt = finalizableAt < escrow.pausedUntil() ? escrow.pausedUntil() : finalizableAt;
        if (block.timestamp < possibleAt) vm.warp(possibleAt);
        escrow.finalize();
        earned = earnedNext;
        leaves = earnedNext;
        feesTaken += fee;
        grossSettled += uint256(net) + fee;
        ++finalized;
    }

    function claim(uint256 who, uint256) external {
        if (isClosed()) return;
        uint256 i = who % PAYEES;
        if (leaves[i] <= distributor.claimed(payees[i]) || distributor.available() == 0) return;
        distributor.claim(payees[i], leaves[i], pathOf(i, 1));
        ++claims;
    }

    function claimBatch(uint256 where, uint256 level) external {
        if (isClosed()) return;
        uint256 size = 1 << (level % 4);
        uint256 start = size * (where % (PAYEES / size));
        (address[] memory who, uint96[] memory sums) = (new address[](size), new uint96[](size));
        uint256 due;
        for (uint256 i; i < size; ++i) {
            uint256 index = start + size - 1 - i;
            (who[i], sums[i]) = (payees[index], leaves[index]);
            due += leaves[index] - distributor.claimed(payees[index]);
        }
        if (due > distributor.available() || distributor.root() == 0) return;
        distributor.claimBatch(who, sums, pathOf(start, size));
        ++batches;
    }

    function claimTo(uint256 who, uint256 fee) external {
        if (isClosed()) return;
        uint256 i = who % PAYEES;
        uint256 paid = distributor.claimed(payees[i]);
        uint256 due = leaves[i] - paid;
        if (due > distributor.available()) due = distributor.available();
        if (due == 0) return;
        uint96 keep = uint96(bound(fee, 0, due));
        RewardDistributor.ClaimTo memory order =
            RewardDistributor.ClaimTo(payees[i], address(0xC01D), address(0), leaves[i], keep, keep, block.timestamp);
        bytes32 typeHash =
            keccak256("ClaimTo(address account,address to,address relayer,uint256 alreadyPaid,uint256 maxFee,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, order.account, order.to, order.relayer, paid, keep, block.timestamp));
        bytes memory signature = sign(PAYEE_KEYS + i, "Shoal RewardDistributor", address(distributor), structHash);
        distributor.claimTo(order, pathOf(i, 1), signature);
        ++signedClaims;
        (bool isDone,) = address(distributor).call(abi.encodeCall(distributor.claimTo, (order, pathOf(i, 1), signature)));
        if (isDone) ++forgedClaims;
    }

    /// @dev Asks for the way out, or takes it when its time has come. Nothing may stand in it.
    function exit(uint256 who, uint256 choice) external {
        address owner = owners[who % OWNERS];
        (uint96 balance,, uint40 withdrawAt,) = escrow.budgets(escrow.keyOf(owner, ID));
        vm.startPrank(owner);
        if (withdrawAt == 0) {
            if (choice % 3 == 0) escrow.requestWithdraw(ID);
        } else if (block.timestamp >= withdrawAt) {
            (bool isDone,) = address(escrow).call(abi.encodeCall(escrow.withdraw, (ID, owner)));
            if (isDone != (balance > 0)) ++refusedExits;
            if (isDone) {
                refunded += balance;
                ++exits;
            }
        } else if (choice % 7 == 0) {
            escrow.cancelWithdraw(ID);
        }
        vm.stopPrank();
    }

    function release(uint256 who, uint256 amount) external {
        address owner = owners[who % OWNERS];
        bytes32 key = escrow.keyOf(owner, ID);
        (uint96 balance,,, uint24 nonce) = escrow.budgets(key);
        if (balance == 0 || escrow.operator() == address(0)) return;
        amount = bound(amount, 1, balance);
        bytes32 typeHash = keccak256("Release(bytes32 budget,uint256 amount,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, key, amount, nonce, block.timestamp));
        bytes memory signature = sign(operatorKey, "Shoal JobEscrow", address(escrow), structHash);
        vm.startPrank(owner);
        escrow.release(ID, owner, uint96(amount), block.timestamp, signature);
        refunded += amount;
        ++releases;
        (bool isDone,) =
            address(escrow).call(abi.encodeCall(escrow.release, (ID, owner, uint96(amount), block.timestamp, signature)));
        if (isDone) ++forgedClaims;
        vm.stopPrank();
    }

    /// @dev A thief tries another's leaf, a higher amount, and a leaf of its own.
    function steal(uint256 who, uint256 amount) external {
        if (distributor.root() == 0) return;
        uint256 i = who % PAYEES;
        uint96 wanted = uint96(bound(amount, 1, 1_000_000e6));
        bytes32[] memory path = pathOf(i, 1);
        vm.startPrank(THIEF);
        (bool own,) = address(distributor).call(abi.encodeCall(distributor.claim, (THIEF, leaves[i], path)));
        (bool more,) = address(distributor).call(abi.encodeCall(distributor.claim, (payees[i], leaves[i] + wanted, path)));
        (bool none,) = address(distributor).call(abi.encodeCall(distributor.claim, (THIEF, wanted, new bytes32[](0))));
        vm.stopPrank();
        if (own || more || none) ++forgedClaims;
        ++forgeries;
    }

    function wait(uint256 secs, uint256) external {
        vm.warp(block.timestamp + bound(secs, 1, 4 days));
    }

    function limit(uint256 capacity, uint256) external {
        vm.prank(admin);
        escrow.setOutflowCapacity(uint80(bound(capacity, 1, 50_000e6)));
    }

    function takeFees(uint256 seed, uint256) external {
        uint256 accrued = escrow.feesAccrued();
        if (accrued == 0 || seed % 3 != 0) return;
        vm.prank(admin);
        escrow.withdrawFees(admin);
        feesPaid += accrued;
    }

    function hold(uint256 seed, uint256 secs) external {
        bool hasPaused = escrow.pausedUntil() != 0;
        if (seed % 4 != 0 || (hasPaused && block.timestamp < escrow.pausedUntil() + 37 days)) return;
        vm.prank(guardian);
        escrow.pause(bound(secs, 1, 7 days));
    }

    // ── what the invariants read ──

    function budgetSum() external view returns (uint256 sum) {
        for (uint256 i; i < OWNERS; ++i) {
            (uint96 balance,,,) = escrow.budgets(escrow.keyOf(owners[i], ID));
            sum += balance;
        }
    }

    function claimedSum() external view returns (uint256 sum) {
        for (uint256 i; i < PAYEES; ++i) {
            sum += distributor.claimed(payees[i]);
        }
        sum += distributor.claimed(THIEF);
    }

    // ── inside ──

    function isClosed() private view returns (bool) {
        return block.timestamp < escrow.pausedUntil() || distributor.root() == 0;
    }

    /// @dev The time may stand on the very second at which an exit opens.
    function tryClosedDebit() private {
        for (uint256 i; i < OWNERS; ++i) {
            bytes32 key = escrow.keyOf(owners[i], ID);
            (uint96 balance, uint96 cap, uint40 withdrawAt,) = escrow.budgets(key);
            if (withdrawAt == 0 || block.timestamp < withdrawAt || balance == 0 || cap == 0) continue;
            JobEscrow.Debit[] memory debits = new JobEscrow.Debit[](1);
            debits[0] = JobEscrow.Debit(key, 1);
            uint96 total = escrow.settledTotal() + 1;
            vm.prank(vm.addr(operatorKey));
            (bool isDone,) = address(escrow).call(abi.encodeCall(escrow.propose, (bytes32("late"), total, 0, debits)));
            if (isDone) ++debitsAfterExit;
            ++closedDebitAttempts;
        }
    }

    function debitsOf(uint256 seed) private returns (JobEscrow.Debit[] memory debits, uint256 gross) {
        delete pendingDebits;
        for (uint256 i; i < OWNERS; ++i) {
            bytes32 key = escrow.keyOf(owners[i], ID);
            (uint96 balance, uint96 cap, uint40 withdrawAt,) = escrow.budgets(key);
            if (withdrawAt != 0 && block.timestamp >= withdrawAt) continue;
            uint256 amount = bound(seed >> (16 * i), 0, balance < cap ? balance : cap);
            pendingDebits.push(JobEscrow.Debit(key, uint96(amount)));
            gross += amount;
        }
        debits = pendingDebits;
        for (uint256 i = 1; i < debits.length; ++i) {
            for (uint256 j = i; j > 0 && debits[j].budget < debits[j - 1].budget; --j) {
                (debits[j], debits[j - 1]) = (debits[j - 1], debits[j]);
            }
        }
        delete pendingDebits;
        for (uint256 i; i < debits.length; ++i) {
            pendingDebits.push(debits[i]);
        }
    }

    /// @dev Divides an epoch's net amount among the payees; the last gets the remainder.
    function share(uint256 net, uint256 seed) private {
        earnedNext = earned;
        for (uint256 i; i + 1 < PAYEES; ++i) {
            uint256 part = bound(seed >> (8 * i), 0, net);
            earnedNext[i] += uint96(part);
            net -= part;
        }
        earnedNext[PAYEES - 1] += uint96(net);
    }

    function pathOf(uint256 start, uint256 size) private view returns (bytes32[] memory) {
        return Tree.proofOf(Tree.build(payees, leaves), start, size);
    }

    function sign(uint256 key, string memory name, address target, bytes32 structHash) private view returns (bytes memory) {
        bytes32 domainType = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(abi.encode(domainType, keccak256(bytes(name)), keccak256("1"), block.chainid, target));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
