// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title What devices have earned, and the way to it
/// @notice Holds only money that finalized epochs moved here, so its balance bounds what any root can pay. A leaf says how much an account has
/// earned in all: `keccak256(keccak256(abi.encode(account, cumulative)))`. A claim pays what is not paid yet.
/// Nobody owns this contract. Its escrow sets roots, pauses it for a bounded time, and sets how much may leave it in one refill period.
contract RewardDistributor is EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev One slot: read and written once by each claim. Amounts of a 6-decimals token fit 80 bits, times of this century 32.
    /// level: what could leave at `updatedAt` · capacity: what can leave at most at once · epoch: the number of the root.
    struct Outflow {
        uint80 level;
        uint80 capacity;
        uint32 updatedAt;
        uint32 pausedUntil;
        uint32 epoch;
    }

    /// @notice What a relayer needs to claim to another address in the name of an account.
    /// @param to Receives the amount less the fee.
    /// @param relayer Who may use the authorization; zero is anyone.
    /// @param maxFee The most that the sender may keep, in units of the token.
    /// @param fee What the sender keeps; not signed, at most `maxFee`.
    struct ClaimTo {
        address account;
        address to;
        address relayer;
        uint96 cumulative;
        uint96 maxFee;
        uint96 fee;
        uint256 deadline;
    }

    bytes32 private constant CLAIM_TO_TYPEHASH = keccak256(
        "ClaimTo(address account,address to,address relayer,uint256 alreadyPaid,uint256 maxFee,uint256 deadline)"
    );
    /// @dev Keeps the memory of a batch and its gas far below what one transaction may use.
    uint256 private constant BATCH_SIZE_MAX = 512;

    address public immutable escrow;
    IERC20 public immutable token;
    /// @notice In how many seconds an empty outflow allowance is full again.
    uint256 public immutable refillSeconds;

    bytes32 public root;
    Outflow public outflow;
    /// @notice What an account has been paid in all.
    mapping(address account => uint256 amount) public claimed;

    event RootSet(uint256 indexed epoch, bytes32 indexed root, uint256 amount);
    event Claimed(address indexed account, address indexed to, uint256 amount, uint256 paidInAll, uint256 epoch);
    event RelayerPaid(address indexed account, address indexed relayer, uint256 fee);
    event ClaimSkipped(address indexed account, uint256 amount);
    event OutflowCapacitySet(uint256 capacity);
    event PausedUntil(uint256 time);

    error NotEscrow(address caller);
    error InvalidProof();
    error NothingDue(address account);
    error ClaimsPaused(uint256 untilTime);
    error OutflowExhausted(uint256 wanted, uint256 available);
    error BatchSizeInvalid(uint256 size);
    error SignatureExpired(uint256 deadline);
    error SignatureInvalid(address account);
    error NotRelayer(address caller, address relayer);
    error FeeTooHigh(uint256 fee, uint256 feeMax);
    error ReceiverInvalid(address to);

    modifier onlyEscrow() {
        if (msg.sender != escrow) revert NotEscrow(msg.sender);
        _;
    }

    constructor(IERC20 token_, uint80 outflowCapacity, uint256 refillSeconds_) EIP712("Shoal RewardDistributor", "1") {
        escrow = msg.sender;
        token = token_;
        refillSeconds = refillSeconds_;
        outflow = Outflow(outflowCapacity, outflowCapacity, uint32(block.timestamp), 0, 0);
        emit OutflowCapacitySet(outflowCapacity);
    }

    /// @notice Pays an account what it has earned and not been paid. Anyone may call; the money goes to the account.
    /// @dev Pays a part if less may leave at this time; the rest stays claimable.
    /// @return paid The amount transferred.
    function claim(address account, uint96 cumulative, bytes32[] calldata proof) external nonReentrant returns (uint256 paid) {
        (, paid) = _takeDue(account, account, cumulative, proof);
        token.safeTransfer(account, paid);
    }

    /// @notice Pays an account's earnings to another address. The account itself needs no signature; a relayer needs one and keeps a fee.
    /// @dev The signature names what was paid before, so that it is used up by any payment. Contracts sign by ERC-1271.
    /// @return paid The amount that left, fee included.
    function claimTo(ClaimTo calldata order, bytes32[] calldata proof, bytes calldata signature) external nonReentrant returns (uint256 paid) {
        address to = order.to;
        if (to == address(0) || to == address(this) || to == escrow) revert ReceiverInvalid(to);
        uint256 before;
        (before, paid) = _takeDue(order.account, to, order.cumulative, proof);
        if (msg.sender != order.account) _checkOrder(order, before, signature);
        uint256 fee = order.fee;
        uint256 feeMax = paid < order.maxFee ? paid : order.maxFee;
        if (fee > feeMax) revert FeeTooHigh(fee, feeMax);
        if (fee != 0) {
            emit RelayerPaid(order.account, msg.sender, fee);
            token.safeTransfer(msg.sender, fee);
        }
        token.safeTransfer(to, paid - fee);
    }

    /// @notice Pays 2^k accounts whose leaves form one whole subtree, with the one path from that subtree to the root.
    /// @dev Skips who has nothing due and who cannot receive, so that nobody can make a batch fail by claiming first or by being deny-listed.
    /// @param accounts The accounts in the order of the subtree's leaves, as the generated proofs name them.
    /// @return total The amount that left.
    function claimBatch(address[] calldata accounts, uint96[] calldata cumulatives, bytes32[] calldata proof)
        external
        nonReentrant
        returns (uint256 total)
    {
        Outflow memory flow = outflow;
        if (block.timestamp < flow.pausedUntil) revert ClaimsPaused(flow.pausedUntil);
        if (!MerkleProof.verifyCalldata(proof, root, _subtree(accounts, cumulatives))) revert InvalidProof();
        for (uint256 i; i < accounts.length; ++i) {
            total += _payOrSkip(accounts[i], cumulatives[i], flow.epoch);
        }
        // Read again: the token was called in between.
        flow = outflow;
        uint256 room = _roomOf(flow);
        if (total > room) revert OutflowExhausted(total, room);
        outflow = _withLevel(flow, room - total);
    }

    /// @notice Takes over an epoch's root. The escrow has transferred `amount` before.
    function setRoot(bytes32 root_, uint32 epoch, uint256 amount) external onlyEscrow {
        root = root_;
        outflow.epoch = epoch;
        emit RootSet(epoch, root_, amount);
    }

    /// @notice Sets how much may leave in a refill period. What has left counts on.
    function setOutflowCapacity(uint80 capacity) external onlyEscrow {
        Outflow memory flow = outflow;
        uint256 room = _roomOf(flow);
        flow.capacity = capacity;
        outflow = _withLevel(flow, room < capacity ? room : capacity);
        emit OutflowCapacitySet(capacity);
    }

    /// @notice Stops claims until a time. The escrow bounds how long and how often.
    function setPausedUntil(uint32 time) external onlyEscrow {
        outflow.pausedUntil = time;
        emit PausedUntil(time);
    }

    /// @notice How much may leave now.
    function available() external view returns (uint256) {
        return _roomOf(outflow);
    }

    /// @dev Checks the proof, books what is paid and takes it from the outflow, before any transfer.
    function _takeDue(address account, address to, uint96 cumulative, bytes32[] calldata proof)
        private
        returns (uint256 before, uint256 paid)
    {
        Outflow memory flow = outflow;
        if (block.timestamp < flow.pausedUntil) revert ClaimsPaused(flow.pausedUntil);
        if (!MerkleProof.verifyCalldata(proof, root, _leaf(account, cumulative))) revert InvalidProof();
        before = claimed[account];
        if (cumulative <= before) revert NothingDue(account);
        uint256 room = _roomOf(flow);
        // Both subtractions are of a smaller number from a larger one.
        unchecked {
            paid = cumulative - before;
            if (paid > room) {
                if (room == 0) revert OutflowExhausted(paid, 0);
                paid = room;
            }
            claimed[account] = before + paid;
            outflow = _withLevel(flow, room - paid);
        }
        emit Claimed(account, to, paid, before + paid, flow.epoch);
    }

    /// @dev A transfer that fails leaves the account's claim as it was.
    function _payOrSkip(address account, uint96 cumulative, uint256 epoch) private returns (uint256 due) {
        uint256 before = claimed[account];
        if (cumulative <= before) return 0;
        claimed[account] = cumulative;
        unchecked {
            due = cumulative - before;
        }
        if (token.trySafeTransfer(account, due)) {
            emit Claimed(account, account, due, cumulative, epoch);
        } else {
            claimed[account] = before;
            emit ClaimSkipped(account, due);
            due = 0;
        }
    }

    function _checkOrder(ClaimTo calldata order, uint256 alreadyPaid, bytes calldata signature) private view {
        if (block.timestamp > order.deadline) revert SignatureExpired(order.deadline);
        if (order.relayer != address(0) && msg.sender != order.relayer) revert NotRelayer(msg.sender, order.relayer);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(CLAIM_TO_TYPEHASH, order.account, order.to, order.relayer, alreadyPaid, order.maxFee, order.deadline)
            )
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(order.account, digest, signature)) {
            revert SignatureInvalid(order.account);
        }
    }

    /// @dev The node over these leaves: level by level, in place.
    function _subtree(address[] calldata accounts, uint96[] calldata cumulatives) private pure returns (bytes32) {
        uint256 size = accounts.length;
        if (size == 0 || size > BATCH_SIZE_MAX || size & (size - 1) != 0 || cumulatives.length != size) revert BatchSizeInvalid(size);
        bytes32[] memory nodes = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            nodes[i] = _leaf(accounts[i], cumulatives[i]);
        }
        for (size >>= 1; size != 0; size >>= 1) {
            for (uint256 i; i < size; ++i) {
                nodes[i] = Hashes.commutativeKeccak256(nodes[2 * i], nodes[2 * i + 1]);
            }
        }
        return nodes[0];
    }

    /// @dev Hashed twice, so that no inner node, which is the hash of 64 bytes too, can pass as a leaf.
    function _leaf(address account, uint96 cumulative) private pure returns (bytes32 leaf) {
        bytes32 inner = Hashes.efficientKeccak256(bytes32(uint256(uint160(account))), bytes32(uint256(cumulative)));
        assembly ("memory-safe") {
            mstore(0x00, inner)
            leaf := keccak256(0x00, 0x20)
        }
    }

    /// @dev The bucket fills evenly from empty to `capacity` in `refillSeconds`. The products stay below 2^112.
    function _roomOf(Outflow memory flow) private view returns (uint256 room) {
        unchecked {
            room = flow.level + (uint256(flow.capacity) * (block.timestamp - flow.updatedAt)) / refillSeconds;
        }
        if (room > flow.capacity) room = flow.capacity;
    }

    function _withLevel(Outflow memory flow, uint256 level) private view returns (Outflow memory) {
        // A level is at most the capacity, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        flow.level = uint80(level);
        flow.updatedAt = uint32(block.timestamp);
        return flow;
    }
}
