// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token of six decimals that can be made to misbehave in each way that real ones do.
contract OddToken is ERC20 {
    uint8 private immutable _decimals;
    uint256 public feeBps;
    bool public permitFails = true;
    mapping(address account => bool) public denied;
    address private _hooked;
    address private _hookTarget;
    bytes private _hookCall;
    bool public hookSucceeded;
    bytes public hookError;

    error Denied(address account);

    constructor(uint8 decimals_) ERC20("Odd", "ODD") {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFeeBps(uint256 bps) external {
        feeBps = bps;
    }

    function deny(address account, bool isDenied) external {
        denied[account] = isDenied;
    }

    /// @notice Takes a part of an account's balance away, as a rebase does.
    function shrink(address account, uint256 amount) external {
        _burn(account, amount);
    }

    /// @notice Makes the next transfer to or from `account` call `target` from within.
    function callOnTransfer(address account, address target, bytes calldata call) external {
        (_hooked, _hookTarget, _hookCall) = (account, target, call);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (denied[from]) revert Denied(from);
        if (denied[to]) revert Denied(to);
        uint256 fee = from == address(0) || to == address(0) ? 0 : (amount * feeBps) / 10_000;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0), fee);
        if (_hookTarget != address(0) && (from == _hooked || to == _hooked)) {
            address target = _hookTarget;
            _hookTarget = address(0);
            (hookSucceeded, hookError) = target.call(_hookCall);
        }
    }
}

/// @notice A contract wallet that accepts what its key has signed.
contract Wallet1271 {
    address private immutable _signer;

    constructor(address signer) {
        _signer = signer;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        bool isSigned = ecrecover(digest, uint8(signature[64]), r, s) == _signer;
        return isSigned ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}
