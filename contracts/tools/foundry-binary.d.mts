export declare function foundryBinary(tool: "forge" | "anvil"): string;
