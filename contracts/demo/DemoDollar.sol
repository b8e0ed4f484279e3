// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Play money for the demo chain
/// @notice Six decimals and permits like the stablecoins of real chains, and a faucet that gives anyone up to 1,000 at a time. Worth nothing.
contract DemoDollar is ERC20, ERC20Permit {
    uint256 private constant FAUCET_MAX = 1_000e6;

    error FaucetLimit(uint256 amount, uint256 amountMax);

    constructor(address treasury, uint256 supply) ERC20("Demo Dollar", "dUSD") ERC20Permit("Demo Dollar") {
        _mint(treasury, supply);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        if (amount > FAUCET_MAX) revert FaucetLimit(amount, FAUCET_MAX);
        _mint(to, amount);
    }
}
