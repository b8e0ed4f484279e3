/** A wallet as pages see it (EIP-1193): one method, answers and errors as the wallet gives them. */
export type EthereumProvider = { request(call: { method: string; params?: readonly unknown[] }): Promise<unknown> };
