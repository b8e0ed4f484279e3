// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardDistributor} from "../src/RewardDistributor.sol";
import {Wallet1271} from "./support/OddTokens.sol";
import {vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

/// claimTo
/// ├── the receiver is nobody or the pool itself → revert
/// ├── sent by the account: needs no signature
/// └── sent by a relayer
///     ├── expired · forged · for another receiver, fee, relayer, chain or contract · used up by a payment → revert
///     ├── fee above the signed one or above what is paid → revert
///     └── otherwise: the relayer keeps the fee, the receiver gets the rest
contract ClaimToTest is World {
    bytes32 private constant CLAIM_TO = keccak256(
        "ClaimTo(address account,address to,address relayer,uint256 alreadyPaid,uint256 maxFee,uint256 deadline)"
    );
    address private relayer = address(0x5E1);

    function setUp() public override {
        super.setUp();
        settleFour(10e6, 20e6);
    }

    function order() private view returns (RewardDistributor.ClaimTo memory) {
        return RewardDistributor.ClaimTo({
            account: bob,
            to: carol,
            relayer: address(0),
            cumulative: 10e6,
            maxFee: 2e5,
            fee: 1e5,
            deadline: block.timestamp
        });
    }

    function sign(uint256 key, RewardDistributor.ClaimTo memory o) private view returns (bytes memory) {
        bytes32 structHash =
            keccak256(abi.encode(CLAIM_TO, o.account, o.to, o.relayer, distributor.claimed(o.account), o.maxFee, o.deadline));
        return signWith(key, domainOf("Shoal RewardDistributor", address(distributor)), structHash);
    }

    function send(RewardDistributor.ClaimTo memory o, bytes memory signature) private returns (uint256) {
        bytes32[] memory proof = proofOf(0);
        vm.prank(relayer);
        return distributor.claimTo(o, proof, signature);
    }

    function refused(RewardDistributor.ClaimTo memory o, bytes memory signature, bytes memory reason) private {
        bytes32[] memory proof = proofOf(0);
        vm.prank(relayer);
        vm.expectRevert(reason);
        distributor.claimTo(o, proof, signature);
    }

    function forged() private view returns (bytes memory) {
        return abi.encodeWithSelector(RewardDistributor.SignatureInvalid.selector, bob);
    }

    function test_ClaimTo_TheRelayerKeepsItsFeeAndTheReceiverGetsTheRest() public {
        bytes memory signature = sign(PAYEE_KEY, order());
        vm.expectEmit(address(distributor));
        emit RewardDistributor.Claimed(bob, carol, 10e6, 10e6, 1);
        vm.expectEmit(address(distributor));
        emit RewardDistributor.RelayerPaid(bob, relayer, 1e5);
        vm.assertEq(send(order(), signature), 10e6);
        vm.assertEq(token.balanceOf(relayer), 1e5);
        vm.assertEq(token.balanceOf(carol), 10e6 - 1e5);
        vm.assertEq(token.balanceOf(bob), 0);
        vm.assertEq(distributor.claimed(bob), 10e6);
    }

    function test_ClaimTo_TheAccountItselfNeedsNoSignature() public {
        RewardDistributor.ClaimTo memory o = order();
        (o.fee, o.deadline) = (0, 0);
        bytes32[] memory proof = proofOf(0);
        vm.prank(bob);
        distributor.claimTo(o, proof, "");
        vm.assertEq(token.balanceOf(carol), 10e6);
    }

    function test_ClaimTo_RevertWhen_UsedASecondTime() public {
        bytes memory signature = sign(PAYEE_KEY, order());
        send(order(), signature);
        settleFour(15e6, 20e6);
        RewardDistributor.ClaimTo memory o = order();
        (o.cumulative, o.deadline) = (15e6, block.timestamp);
        refused(o, signature, forged());
    }

    function test_ClaimTo_RevertWhen_TheSignatureIsUsedUpByAnotherPayment() public {
        RewardDistributor.ClaimTo memory o = order();
        o.deadline = block.timestamp + 365 days;
        bytes memory signature = sign(PAYEE_KEY, o);
        claim(0);
        settleFour(15e6, 20e6);
        o.cumulative = 15e6;
        refused(o, signature, forged());
    }

    function test_ClaimTo_RevertWhen_AnyoneElseHasSigned() public {
        refused(order(), sign(OPERATOR_KEY, order()), forged());
    }

    function test_ClaimTo_RevertWhen_AFieldIsNotAsSigned() public {
        bytes memory signature = sign(PAYEE_KEY, order());
        RewardDistributor.ClaimTo memory o = order();
        o.to = mallory;
        refused(o, signature, forged());
        o = order();
        o.relayer = relayer;
        refused(o, signature, forged());
        o = order();
        o.maxFee += 1;
        refused(o, signature, forged());
        o = order();
        o.deadline += 1;
        refused(o, signature, forged());
    }

    function test_ClaimTo_RevertWhen_SignedForAnotherChain() public {
        bytes memory signature = sign(PAYEE_KEY, order());
        vm.chainId(10);
        refused(order(), signature, forged());
    }

    function test_ClaimTo_RevertWhen_SignedForAnotherContract() public {
        bytes memory signature = sign(PAYEE_KEY, order());
        deploy(settings());
        vm.prank(alice);
        token.approve(address(escrow), type(uint256).max);
        settleFour(10e6, 20e6);
        RewardDistributor.ClaimTo memory o = order();
        refused(o, signature, abi.encodeWithSelector(RewardDistributor.SignatureInvalid.selector, bob));
    }

    function test_ClaimTo_RevertWhen_Expired() public {
        RewardDistributor.ClaimTo memory o = order();
        o.deadline = block.timestamp - 1;
        refused(o, sign(PAYEE_KEY, o), abi.encodeWithSelector(RewardDistributor.SignatureExpired.selector, block.timestamp - 1));
    }

    function test_ClaimTo_RevertWhen_SentByAnotherThanTheNamedRelayer() public {
        RewardDistributor.ClaimTo memory o = order();
        o.relayer = mallory;
        bytes memory signature = sign(PAYEE_KEY, o);
        refused(o, signature, abi.encodeWithSelector(RewardDistributor.NotRelayer.selector, relayer, mallory));
        o.relayer = relayer;
        send(o, sign(PAYEE_KEY, o));
        vm.assertEq(token.balanceOf(relayer), 1e5);
    }

    function test_ClaimTo_RevertWhen_FeeIsAboveTheSignedOne() public {
        RewardDistributor.ClaimTo memory o = order();
        bytes memory signature = sign(PAYEE_KEY, o);
        o.fee = o.maxFee + 1;
        refused(o, signature, abi.encodeWithSelector(RewardDistributor.FeeTooHigh.selector, 2e5 + 1, 2e5));
        o.fee = o.maxFee;
        send(o, signature);
        vm.assertEq(token.balanceOf(relayer), 2e5);
    }

    function test_ClaimTo_RevertWhen_FeeIsAboveAPartialPayment() public {
        vm.prank(admin);
        escrow.setOutflowCapacity(1e5 - 1);
        refused(order(), sign(PAYEE_KEY, order()), abi.encodeWithSelector(RewardDistributor.FeeTooHigh.selector, 1e5, 1e5 - 1));
    }

    function test_ClaimTo_RevertWhen_ReceiverIsNobodyOrThePoolItself() public {
        RewardDistributor.ClaimTo memory o = order();
        address[3] memory receivers = [address(0), address(distributor), address(escrow)];
        for (uint256 i; i < 3; ++i) {
            o.to = receivers[i];
            refused(o, sign(PAYEE_KEY, o), abi.encodeWithSelector(RewardDistributor.ReceiverInvalid.selector, receivers[i]));
        }
    }

    function test_ClaimTo_RevertWhen_ProofIsAnothers() public {
        RewardDistributor.ClaimTo memory o = order();
        o.cumulative = 20e6;
        refused(o, sign(PAYEE_KEY, o), abi.encodeWithSelector(RewardDistributor.InvalidProof.selector));
    }

    function test_ClaimTo_AContractWalletSignsByItsKey() public {
        Wallet1271 wallet = new Wallet1271(bob);
        address[] memory payees = new address[](2);
        uint96[] memory sums = new uint96[](2);
        (payees[0], payees[1], sums[0], sums[1]) = (address(wallet), carol, 50e6, 20e6);
        settle(payees, sums);
        RewardDistributor.ClaimTo memory o = order();
        (o.account, o.cumulative) = (address(wallet), 50e6);
        bytes memory wrong = sign(OPERATOR_KEY, o);
        refused(o, wrong, abi.encodeWithSelector(RewardDistributor.SignatureInvalid.selector, address(wallet)));
        send(o, sign(PAYEE_KEY, o));
        vm.assertEq(token.balanceOf(carol), 50e6 - 1e5);
    }

    function testFuzz_ClaimTo_NoOtherBytesAreASignature(bytes calldata signature) public {
        refused(order(), signature, forged());
    }
}
