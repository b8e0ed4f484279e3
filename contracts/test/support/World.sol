// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DemoDollar} from "../../demo/DemoDollar.sol";
import {JobEscrow} from "../../src/JobEscrow.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {Tree} from "./Tree.sol";
import {vm} from "./Vm.sol";

/// @notice An escrow with its distributor, an owner with a funded account, and payees; the ground on which every test stands.
abstract contract World {
    uint256 internal constant OPERATOR_KEY = 0xA11CE;
    uint256 internal constant PAYEE_KEY = 0xB0B;
    bytes32 internal constant ID = bytes32("standing");
    string private constant ESCROW = "contracts/src/JobEscrow.sol:JobEscrow";
    uint256 internal constant EXIT = 14 days;
    uint96 internal constant CAP = 1_000_000e6;

    address internal admin = address(0xAD);
    address internal guardian = address(0x6A);
    address internal alice = address(0xA1);
    address internal carol = address(0xCA);
    address internal mallory = address(0xBAD);
    address internal operator = vm.addr(OPERATOR_KEY);
    address internal bob = vm.addr(PAYEE_KEY);

    DemoDollar internal token;
    JobEscrow internal escrow;
    RewardDistributor internal distributor;

    /// @dev The tree of the last settled epoch.
    address[] internal accounts;
    uint96[] internal amounts;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = new DemoDollar(address(this), 100_000_000e6);
        deploy(settings());
        give(alice, 10_000_000e6);
    }

    function settings() internal view returns (JobEscrow.Settings memory) {
        return JobEscrow.Settings({
            token: IERC20(address(token)),
            admin: admin,
            operator: operator,
            guardian: guardian,
            feeBps: 500,
            epochCap: 10 * CAP,
            outflowCapacity: uint80(CAP),
            minInterval: 20 hours,
            challengeWindow: 24 hours,
            withdrawDelay: uint32(EXIT),
            refillPeriod: 1 days
        });
    }

    function deploy(JobEscrow.Settings memory s) internal {
        escrow = JobEscrow(create(s));
        distributor = escrow.distributor();
    }

    /// @dev From the artifact and not by `new`, so that the tests of a planted fault run without being compiled again.
    function create(JobEscrow.Settings memory s) internal returns (address made) {
        bytes memory code = abi.encodePacked(vm.getCode(vm.envOr("SHOAL_TESTED_ESCROW", string(ESCROW))), abi.encode(s));
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
            if iszero(made) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    function give(address to, uint256 amount) internal {
        token.transfer(to, amount);
        vm.prank(to);
        token.approve(address(escrow), type(uint256).max);
    }

    function keyOf(address owner) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, ID));
    }

    function balanceOf(address owner) internal view returns (uint256 balance) {
        (balance,,,) = escrow.budgets(keyOf(owner));
    }

    function fund(address owner, uint96 amount) internal {
        vm.prank(owner);
        escrow.fund(ID, amount, CAP);
    }

    function debitsOf(address owner, uint96 amount) internal pure returns (JobEscrow.Debit[] memory debits) {
        debits = new JobEscrow.Debit[](1);
        debits[0] = JobEscrow.Debit(keyOf(owner), amount);
    }

    function nextProposal() internal {
        uint256 possibleAt = escrow.lastProposedAt() + escrow.minInterval();
        if (block.timestamp < possibleAt) vm.warp(possibleAt);
    }

    /// @dev Takes `gross` from alice's budget for a root that brings the leaves' sum to `total`.
    function propose(bytes32 root, uint96 total, uint96 gross) internal {
        nextProposal();
        JobEscrow.Debit[] memory debits = debitsOf(alice, gross);
        vm.prank(operator);
        escrow.propose(root, total, bytes32("file"), debits);
    }

    function finalize() internal {
        vm.warp(block.timestamp + escrow.challengeWindow());
        escrow.finalize();
    }

    /// @dev Makes these cumulative earnings claimable, paid by alice without a fee.
    function settle(address[] memory accounts_, uint96[] memory amounts_) internal {
        accounts = accounts_;
        amounts = amounts_;
        uint96 total;
        for (uint256 i; i < amounts_.length; ++i) {
            total += amounts_[i];
        }
        uint96 net = total - escrow.settledTotal();
        fund(alice, net);
        propose(Tree.build(accounts_, amounts_)[0], total, net);
        finalize();
    }

    /// @dev Bob first, carol second, and two more: a tree of four.
    function settleFour(uint96 bobs, uint96 carols) internal {
        address[] memory payees = new address[](4);
        uint96[] memory sums = new uint96[](4);
        (payees[0], payees[1], payees[2], payees[3]) = (bob, carol, address(0xD1), address(0xD2));
        (sums[0], sums[1], sums[2], sums[3]) = (bobs, carols, 3e6, 4e6);
        settle(payees, sums);
    }

    function proofOf(uint256 index) internal view returns (bytes32[] memory) {
        return Tree.proofOf(Tree.build(accounts, amounts), index, 1);
    }

    function claim(uint256 index) internal returns (uint256) {
        return distributor.claim(accounts[index], amounts[index], proofOf(index));
    }

    function domainOf(string memory name, address target) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                target
            )
        );
    }

    function signWith(uint256 key, bytes32 domain, bytes32 structHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
