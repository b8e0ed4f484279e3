/** The closed list of id prefixes; an id is its prefix, an underscore and 32 hexadecimal digits (a UUID without dashes). */
export const ID_PREFIXES = ["acc", "dev", "job", "grt", "key", "enr", "pol", "inv", "upl", "psk", "ern", "tri"] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];
export type Id<P extends IdPrefix> = `${P}_${string}`;

export type AccountId = Id<"acc">;
export type DeviceId = Id<"dev">;
export type JobId = Id<"job">;
export type GrantId = Id<"grt">;
export type KeyId = Id<"key">;
export type EnrolmentId = Id<"enr">;
export type PoolId = Id<"pol">;
export type InviteId = Id<"inv">;
export type UploadId = Id<"upl">;
export type PasskeyId = Id<"psk">;

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string;

const PREFIX_LENGTH = 4;

/** Whether the text has the form of an id with this prefix. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.length === PREFIX_LENGTH + 32 && text.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(text.slice(PREFIX_LENGTH));
}

/** The id for a UUID as the database prints it (with or without dashes). */
export function idOf<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  return `${prefix}_${uuid.replaceAll("-", "")}`;
}

/** The UUID (32 digits, no dashes; PostgreSQL reads it) inside an id. */
export function uuidOf(id: Id<IdPrefix>): string {
  return id.slice(PREFIX_LENGTH);
}
