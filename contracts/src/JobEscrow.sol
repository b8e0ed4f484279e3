// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {RewardDistributor} from "./RewardDistributor.sol";

/// @title Owners' money until devices have earned it
/// @notice Owners fund budgets. The operator proposes an epoch: a root of everybody's cumulative earnings, and what it takes from each budget.
/// The guardian may veto it within the challenge window; after that anyone finalizes it, and the money moves to the distributor.
/// An owner's way out needs nobody and cannot be paused. The contract cannot be upgraded.
contract JobEscrow is Ownable2Step, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice What is fixed, and what is set, when the contract is made. Times in seconds, amounts in units of the token.
    /// @param admin Seats operator and guardian and sets the limits; a Safe or a timelock.
    /// @param operator Proposes epochs and signs releases; a hot key.
    /// @param guardian May veto and pause; kept apart from the operator.
    /// @param feeBps The most of an epoch that may stay as fee, in hundredths of a percent.
    /// @param epochCap The most that one epoch may take from all budgets.
    /// @param outflowCapacity The most that may leave the distributor in one refill period.
    /// @param minInterval The least time between two proposals.
    /// @param challengeWindow How long a proposal waits for a veto.
    /// @param withdrawDelay How long an owner waits for the way out that needs nobody.
    /// @param refillPeriod In what time the distributor's outflow allowance fills up.
    struct Settings {
        IERC20 token;
        address admin;
        address operator;
        address guardian;
        uint16 feeBps;
        uint96 epochCap;
        uint80 outflowCapacity;
        uint32 minInterval;
        uint32 challengeWindow;
        uint32 withdrawDelay;
        uint32 refillPeriod;
    }

    /// @dev One slot, so that taking from a budget reads and writes one. Who owns it is part of its key.
    /// epochCap: the most one epoch may take · withdrawAt: from when nothing can be taken, zero if no exit is under way ·
    /// releases: counts signed releases, so that each signature serves once.
    struct Budget {
        uint96 balance;
        uint96 epochCap;
        uint40 withdrawAt;
        uint24 releases;
    }

    /// @notice What an epoch takes from a budget.
    struct Debit {
        bytes32 budget;
        uint96 amount;
    }

    struct Pending {
        bytes32 root;
        bytes32 debitsHash;
        uint96 net;
        uint96 fee;
        uint40 finalizableAt;
    }

    bytes32 private constant RELEASE_TYPEHASH =
        keccak256("Release(bytes32 budget,uint256 amount,uint256 nonce,uint256 deadline)");
    uint256 private constant BPS = 10_000;
    uint256 private constant FEE_BPS_MAX = 3_000;
    uint256 private constant WINDOW_MAX = 30 days;
    uint256 private constant WITHDRAW_DELAY_MAX = 90 days;
    uint256 private constant PAUSE_MAX = 7 days;
    /// @dev From the end of a pause. Claims are therefore open on at least 37 of any 44 days.
    uint256 private constant PAUSE_REST = 37 days;
    uint8 private constant DECIMALS = 6;

    IERC20 public immutable token;
    RewardDistributor public immutable distributor;
    uint256 public immutable feeBps;
    uint256 public immutable minInterval;
    uint256 public immutable challengeWindow;
    uint256 public immutable withdrawDelay;

    /// @notice Zero while suspended: after a veto, until the admin seats one.
    address public operator;
    address public guardian;
    /// @notice The most that one epoch may take from all budgets together.
    uint96 public epochCap;
    /// @notice The sum of all budgets.
    uint96 public totalBudget;
    /// @notice The sum of all finalized epochs' net amounts; the cumulative total of the distributor's leaves.
    uint96 public settledTotal;
    uint96 public feesAccrued;
    /// @notice The number of the latest proposal, vetoed ones included.
    uint32 public epoch;
    uint40 public lastProposedAt;
    uint40 public pausedUntil;
    Pending public pending;
    mapping(bytes32 key => Budget) public budgets;

    event BudgetFunded(bytes32 indexed budget, address indexed owner, bytes32 indexed budgetId, uint256 amount, uint256 balance);
    event EpochCapOfBudgetSet(bytes32 indexed budget, uint256 epochCap);
    event BudgetDebited(bytes32 indexed budget, uint256 indexed epoch, uint256 amount);
    event BudgetRestored(bytes32 indexed budget, uint256 indexed epoch, uint256 amount);
    event BudgetReleased(bytes32 indexed budget, address indexed to, uint256 amount);
    event WithdrawRequested(bytes32 indexed budget, uint256 withdrawAt);
    event WithdrawCancelled(bytes32 indexed budget);
    event BudgetWithdrawn(bytes32 indexed budget, address indexed to, uint256 amount);
    event EpochProposed(
        uint256 indexed epoch,
        bytes32 indexed root,
        bytes32 dataHash,
        uint256 cumulativeTotal,
        uint256 gross,
        uint256 fee,
        uint256 finalizableAt
    );
    event EpochVetoed(uint256 indexed epoch, address indexed by);
    event EpochFinalized(uint256 indexed epoch, bytes32 indexed root, uint256 net, uint256 fee);
    event OperatorSet(address operator);
    event GuardianSet(address guardian);
    event EpochCapSet(uint256 epochCap);
    event PausedUntil(uint256 time);
    event FeesWithdrawn(address indexed to, uint256 amount);

    error SettingInvalid(string name);
    error DecimalsInvalid(uint256 decimals);
    error AmountZero();
    error AmountChanged(uint256 sent, uint256 received);
    error TokenShort(uint256 balance, uint256 owed);
    error NotOperator(address caller);
    error NotGuardian(address caller);
    error NotBudgetOwner(bytes32 budget, address caller);
    error OperatorIsGuardian(address account);
    error Paused(uint256 untilTime);
    error PauseTooLong(uint256 secs);
    error PauseTooSoon(uint256 possibleAt);
    error EpochPending(uint256 epoch);
    error NoEpochPending();
    error ProposalTooSoon(uint256 possibleAt);
    error RootZero();
    error DebitsNotAscending(bytes32 budget);
    error OverBudgetCap(bytes32 budget, uint256 amount, uint256 cap);
    error OverBudget(bytes32 budget, uint256 amount, uint256 balance);
    error OverEpochCap(uint256 gross, uint256 cap);
    error BudgetClosed(bytes32 budget, uint256 withdrawAt);
    error TotalBelowSettled(uint256 cumulativeTotal, uint256 settledTotal);
    error NetAboveDebits(uint256 net, uint256 gross);
    error FeeTooHigh(uint256 fee, uint256 feeMax);
    error DebitsMismatch();
    error ChallengeWindowOpen(uint256 finalizableAt);
    error NoWithdrawRequested(bytes32 budget);
    error WithdrawTooSoon(uint256 withdrawAt);
    error NothingToWithdraw();
    error ReceiverInvalid(address to);
    error SignatureExpired(uint256 deadline);
    error SignatureInvalid();
    error RenounceRefused();

    constructor(Settings memory s) Ownable(s.admin) EIP712("Shoal JobEscrow", "1") {
        if (s.feeBps > FEE_BPS_MAX) revert SettingInvalid("feeBps");
        if (s.challengeWindow == 0 || s.challengeWindow > WINDOW_MAX) revert SettingInvalid("challengeWindow");
        if (s.minInterval > WINDOW_MAX) revert SettingInvalid("minInterval");
        // What devices have earned must be takeable before an owner is out.
        if (s.withdrawDelay <= s.minInterval + s.challengeWindow || s.withdrawDelay > WITHDRAW_DELAY_MAX) {
            revert SettingInvalid("withdrawDelay");
        }
        if (s.refillPeriod == 0 || s.refillPeriod > WINDOW_MAX) revert SettingInvalid("refillPeriod");
        uint8 decimals = IERC20Metadata(address(s.token)).decimals();
        if (decimals != DECIMALS) revert DecimalsInvalid(decimals);
        token = s.token;
        feeBps = s.feeBps;
        minInterval = s.minInterval;
        challengeWindow = s.challengeWindow;
        withdrawDelay = s.withdrawDelay;
        distributor = new RewardDistributor(s.token, s.outflowCapacity, s.refillPeriod);
        _seat(s.operator, s.guardian);
        emit OperatorSet(s.operator);
        emit GuardianSet(s.guardian);
        _setEpochCap(s.epochCap);
    }

    // ── Owners ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The key of an owner's budget. Nobody else's call can reach it.
    function keyOf(address budgetOwner, bytes32 budgetId) public pure returns (bytes32) {
        return keccak256(abi.encode(budgetOwner, budgetId));
    }

    /// @notice Adds to a budget of the caller and sets its cap. Ends an exit that is under way.
    /// @param cap The most that one epoch may take from this budget.
    function fund(bytes32 budgetId, uint96 amount, uint96 cap) external {
        _fund(budgetId, amount, cap);
    }

    /// @notice The same with a permit of the token instead of an approval before.
    /// @dev A permit that somebody else has already used does no harm: the allowance is there.
    function fundWithPermit(bytes32 budgetId, uint96 amount, uint96 cap, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _fund(budgetId, amount, cap);
    }

    /// @notice Sets the most that one epoch may take from a budget of the caller.
    function setBudgetCap(bytes32 budgetId, uint96 cap) external {
        bytes32 key = keyOf(msg.sender, budgetId);
        budgets[key].epochCap = cap;
        emit EpochCapOfBudgetSet(key, cap);
    }

    /// @notice Begins the way out: after `withdrawDelay` nothing can be taken from the budget and the owner withdraws the rest.
    function requestWithdraw(bytes32 budgetId) external {
        bytes32 key = keyOf(msg.sender, budgetId);
        Budget storage budget = budgets[key];
        // A second request does not move the time that a first one has set.
        uint256 withdrawAt = budget.withdrawAt;
        if (withdrawAt == 0) {
            withdrawAt = block.timestamp + withdrawDelay;
            // A time of this age has 31 bits, the delay at most 90 days.
            // forge-lint: disable-next-line(unsafe-typecast)
            budget.withdrawAt = uint40(withdrawAt);
        }
        emit WithdrawRequested(key, withdrawAt);
    }

    /// @notice Opens the budget again.
    function cancelWithdraw(bytes32 budgetId) external {
        bytes32 key = keyOf(msg.sender, budgetId);
        if (budgets[key].withdrawAt == 0) revert NoWithdrawRequested(key);
        budgets[key].withdrawAt = 0;
        emit WithdrawCancelled(key);
    }

    /// @notice Pays out the whole budget after the delay. Needs no role, and no pause stops it.
    /// @dev The budget stays closed: what a veto brings back afterwards can be withdrawn at once and not be taken again.
    function withdraw(bytes32 budgetId, address to) external nonReentrant returns (uint256 amount) {
        bytes32 key = keyOf(msg.sender, budgetId);
        Budget storage budget = budgets[key];
        uint256 withdrawAt = budget.withdrawAt;
        if (withdrawAt == 0) revert NoWithdrawRequested(key);
        if (block.timestamp < withdrawAt) revert WithdrawTooSoon(withdrawAt);
        amount = budget.balance;
        if (amount == 0) revert NothingToWithdraw();
        _payOut(budget, to, amount);
        emit BudgetWithdrawn(key, to, amount);
    }

    /// @notice Pays out at once what the operator signs to be unspent. The signature serves once and reaches only the owner's own budget.
    function release(bytes32 budgetId, address to, uint96 amount, uint256 deadline, bytes calldata signature) external nonReentrant {
        bytes32 key = keyOf(msg.sender, budgetId);
        Budget storage budget = budgets[key];
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        if (amount == 0) revert AmountZero();
        uint256 nonce = budget.releases++;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(RELEASE_TYPEHASH, key, amount, nonce, deadline)));
        address signer = operator;
        if (signer == address(0) || !SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) revert SignatureInvalid();
        if (amount > budget.balance) revert OverBudget(key, amount, budget.balance);
        _payOut(budget, to, amount);
        emit BudgetReleased(key, to, amount);
    }

    // ── Epochs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Proposes an epoch and takes its debits from the budgets at once, so that no exit can outrun it.
    /// @param root The root over everybody's cumulative earnings after this epoch.
    /// @param cumulativeTotal The sum of its leaves. What it adds to the settled total may be less than the debits by the fee at most.
    /// @param dataHash The SHA-256 of the public file from which anyone can rebuild the root.
    /// @param debits What is taken, by ascending key, so that no budget is named twice.
    function propose(bytes32 root, uint96 cumulativeTotal, bytes32 dataHash, Debit[] calldata debits) external nonReentrant {
        _checkProposable(root);
        uint256 number = ++epoch;
        uint256 gross = _debit(debits, number);
        if (gross > epochCap) revert OverEpochCap(gross, epochCap);
        if (cumulativeTotal < settledTotal) revert TotalBelowSettled(cumulativeTotal, settledTotal);
        uint256 net = cumulativeTotal - settledTotal;
        if (net > gross) revert NetAboveDebits(net, gross);
        uint256 fee = gross - net;
        if (fee * BPS > gross * feeBps) revert FeeTooHigh(fee, (gross * feeBps) / BPS);
        uint256 finalizableAt = block.timestamp + challengeWindow;
        // Gross is at most the global cap, which has 96 bits, and net and fee are parts of it.
        // forge-lint: disable-start(unsafe-typecast)
        totalBudget -= uint96(gross);
        pending = Pending(root, keccak256(abi.encode(debits)), uint96(net), uint96(fee), uint40(finalizableAt));
        // forge-lint: disable-end(unsafe-typecast)
        lastProposedAt = uint40(block.timestamp);
        _checkSolvent();
        emit EpochProposed(number, root, dataHash, cumulativeTotal, gross, fee, finalizableAt);
    }

    /// @notice Undoes the pending epoch and suspends the operator until the admin seats one.
    /// @param debits The debits as they were proposed.
    function veto(Debit[] calldata debits) external {
        if (msg.sender != guardian && msg.sender != owner()) revert NotGuardian(msg.sender);
        Pending memory epochPending = pending;
        if (epochPending.finalizableAt == 0) revert NoEpochPending();
        if (keccak256(abi.encode(debits)) != epochPending.debitsHash) revert DebitsMismatch();
        for (uint256 i; i < debits.length; ++i) {
            budgets[debits[i].budget].balance += debits[i].amount;
            emit BudgetRestored(debits[i].budget, epoch, debits[i].amount);
        }
        totalBudget += epochPending.net + epochPending.fee;
        delete pending;
        operator = address(0);
        emit OperatorSet(address(0));
        emit EpochVetoed(epoch, msg.sender);
    }

    /// @notice Makes the pending epoch claimable after its challenge window. Anyone may call.
    function finalize() external nonReentrant {
        Pending memory epochPending = pending;
        if (block.timestamp < pausedUntil) revert Paused(pausedUntil);
        if (epochPending.finalizableAt == 0) revert NoEpochPending();
        if (block.timestamp < epochPending.finalizableAt) revert ChallengeWindowOpen(epochPending.finalizableAt);
        delete pending;
        settledTotal += epochPending.net;
        feesAccrued += epochPending.fee;
        uint256 before = token.balanceOf(address(distributor));
        token.safeTransfer(address(distributor), epochPending.net);
        _checkReceived(epochPending.net, token.balanceOf(address(distributor)) - before);
        _checkSolvent();
        distributor.setRoot(epochPending.root, epoch, epochPending.net);
        emit EpochFinalized(epoch, epochPending.root, epochPending.net, epochPending.fee);
    }

    // ── Roles ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Stops proposals, finalizing and claims for at most seven days, and not again for 37 days after. Never an owner's way out.
    function pause(uint256 secs) external {
        if (msg.sender != guardian && msg.sender != owner()) revert NotGuardian(msg.sender);
        if (secs == 0 || secs > PAUSE_MAX) revert PauseTooLong(secs);
        uint256 possibleAt = pausedUntil == 0 ? 0 : pausedUntil + PAUSE_REST;
        if (block.timestamp < possibleAt) revert PauseTooSoon(possibleAt);
        _setPausedUntil(block.timestamp + secs);
    }

    /// @notice Ends a pause early.
    function unpause() external onlyOwner {
        if (block.timestamp < pausedUntil) _setPausedUntil(block.timestamp);
    }

    function setOperator(address operator_) external onlyOwner {
        _seat(operator_, guardian);
        emit OperatorSet(operator_);
    }

    function setGuardian(address guardian_) external onlyOwner {
        _seat(operator, guardian_);
        emit GuardianSet(guardian_);
    }

    function setEpochCap(uint96 epochCap_) external onlyOwner {
        _setEpochCap(epochCap_);
    }

    function setOutflowCapacity(uint80 capacity) external onlyOwner {
        distributor.setOutflowCapacity(capacity);
    }

    function withdrawFees(address to) external onlyOwner nonReentrant returns (uint256 amount) {
        amount = feesAccrued;
        if (amount == 0) revert NothingToWithdraw();
        _checkReceiver(to);
        feesAccrued = 0;
        token.safeTransfer(to, amount);
        emit FeesWithdrawn(to, amount);
    }

    /// @notice Refused: without an admin nobody could seat an operator after a veto, and fees would stay here for ever.
    function renounceOwnership() public pure override {
        revert RenounceRefused();
    }

    /// @notice What the token must hold for this contract at least.
    function owed() public view returns (uint256) {
        return uint256(totalBudget) + pending.net + pending.fee + feesAccrued;
    }

    // ── Inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    function _fund(bytes32 budgetId, uint96 amount, uint96 cap) private nonReentrant {
        if (amount == 0) revert AmountZero();
        bytes32 key = keyOf(msg.sender, budgetId);
        Budget storage budget = budgets[key];
        budget.balance += amount;
        budget.epochCap = cap;
        budget.withdrawAt = 0;
        totalBudget += amount;
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        _checkReceived(amount, token.balanceOf(address(this)) - before);
        _checkSolvent();
        emit BudgetFunded(key, msg.sender, budgetId, amount, budget.balance);
        emit EpochCapOfBudgetSet(key, cap);
    }

    function _payOut(Budget storage budget, address to, uint256 amount) private {
        _checkReceiver(to);
        // An amount is at most the budget's balance, which has 96 bits.
        // forge-lint: disable-start(unsafe-typecast)
        budget.balance -= uint96(amount);
        totalBudget -= uint96(amount);
        // forge-lint: disable-end(unsafe-typecast)
        token.safeTransfer(to, amount);
    }

    function _checkProposable(bytes32 root) private view {
        if (msg.sender != operator) revert NotOperator(msg.sender);
        if (block.timestamp < pausedUntil) revert Paused(pausedUntil);
        if (pending.finalizableAt != 0) revert EpochPending(epoch);
        if (root == 0) revert RootZero();
        uint256 possibleAt = lastProposedAt + minInterval;
        if (block.timestamp < possibleAt) revert ProposalTooSoon(possibleAt);
    }

    function _debit(Debit[] calldata debits, uint256 number) private returns (uint256 gross) {
        bytes32 previous;
        for (uint256 i; i < debits.length; ++i) {
            bytes32 key = debits[i].budget;
            uint256 amount = debits[i].amount;
            if (key <= previous) revert DebitsNotAscending(key);
            previous = key;
            Budget memory budget = budgets[key];
            if (amount > budget.epochCap) revert OverBudgetCap(key, amount, budget.epochCap);
            if (amount > budget.balance) revert OverBudget(key, amount, budget.balance);
            if (budget.withdrawAt != 0 && block.timestamp >= budget.withdrawAt) revert BudgetClosed(key, budget.withdrawAt);
            // The amount came as 96 bits and is at most the balance.
            // forge-lint: disable-next-line(unsafe-typecast)
            budget.balance -= uint96(amount);
            budgets[key] = budget;
            gross += amount;
            emit BudgetDebited(key, number, amount);
        }
    }

    /// @dev A token that keeps a part of a transfer would leave budgets without cover.
    function _checkReceived(uint256 sent, uint256 received) private pure {
        if (received != sent) revert AmountChanged(sent, received);
    }

    /// @dev A token that changes balances by itself has left less than is owed. No further money goes in or on; owners' exits stay open.
    function _checkSolvent() private view {
        uint256 balance = token.balanceOf(address(this));
        uint256 owed_ = owed();
        if (balance < owed_) revert TokenShort(balance, owed_);
    }

    function _checkReceiver(address to) private view {
        if (to == address(0) || to == address(this) || to == address(distributor)) revert ReceiverInvalid(to);
    }

    /// @dev One key that both proposes and vetoes would be no control.
    function _seat(address operator_, address guardian_) private {
        if (operator_ == guardian_) revert OperatorIsGuardian(operator_);
        operator = operator_;
        guardian = guardian_;
    }

    function _setEpochCap(uint96 epochCap_) private {
        epochCap = epochCap_;
        emit EpochCapSet(epochCap_);
    }

    function _setPausedUntil(uint256 time) private {
        // Until the year 2106 a time has 32 bits.
        // forge-lint: disable-start(unsafe-typecast)
        pausedUntil = uint40(time);
        distributor.setPausedUntil(uint32(time));
        // forge-lint: disable-end(unsafe-typecast)
        emit PausedUntil(time);
    }
}
