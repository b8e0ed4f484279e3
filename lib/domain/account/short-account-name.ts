/** An account's name, that is a wallet's address or an account's id, as short as two of them can still be told apart by eye. */
export function shortAccountName(name: string): string {
  return `${name.slice(0, 6)}…${name.slice(-4)}`;
}
