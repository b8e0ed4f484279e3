import "server-only";
import {
  createChallenge,
  createKey,
  deleteMe,
  exportMe,
  getCurrentKey,
  getMe,
  listKeys,
  revokeCurrentKey,
  revokeKey,
  signIn,
  signOut,
} from "#lib/protocol/accounts/accounts.ts";
import { addPasskey, addWallet, createPasskeyAccount, listPasskeys, offerPasskey, removePasskey, signInWithPasskey } from "#lib/protocol/accounts/passkeys.ts";
import { createCheckingCode, listCheckingDevices, revokeCheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import { createEnrolment, listDevices, registerDevice, revokeDevice } from "#lib/protocol/devices/devices.ts";
import { closeDevice, linkDevice, listMyDevices, unlinkDevice } from "#lib/protocol/devices/devices-of-account.ts";
import type { Endpoint } from "#lib/protocol/endpoint.ts";
import type { ErrorCode } from "#lib/protocol/errors.ts";
import { claimLogin, createLogin, decideLogin, getLogin } from "#lib/protocol/logins/logins.ts";
import type { Services } from "../../context.ts";
import { createCheckingCode as createCheckingCodeCommand } from "../../devices/checking/create-checking-code.ts";
import { listCheckingDevices as listCheckingDevicesCommand } from "../../devices/checking/list-checking-devices.ts";
import { revokeCheckingDevice as revokeCheckingDeviceCommand } from "../../devices/checking/revoke-checking-device.ts";
import { createEnrolment as createEnrolmentCommand } from "../../devices/create-enrolment.ts";
import { closeDevice as closeDeviceCommand } from "../../devices/linking/close-device.ts";
import { linkDevice as linkDeviceCommand } from "../../devices/linking/link-device.ts";
import { listMyDevices as listMyDevicesCommand } from "../../devices/linking/list-my-devices.ts";
import { unlinkDevice as unlinkDeviceCommand } from "../../devices/linking/unlink-device.ts";
import { listDevices as listDevicesCommand } from "../../devices/list-devices.ts";
import { registerDevice as registerDeviceCommand } from "../../devices/register-device.ts";
import { revokeDevice as revokeDeviceCommand } from "../../devices/revoke-device.ts";
import { type Door, handle, handleWithHeaders } from "../../http/handle.ts";
import { addWallet as addWalletCommand } from "../add-wallet.ts";
import { createChallenge as createChallengeCommand } from "../create-challenge.ts";
import { deleteMe as deleteMeCommand } from "../data/delete-me.ts";
import { exportMe as exportMeCommand } from "../data/export-me.ts";
import { getMe as getMeCommand } from "../get-me.ts";
import { createKey as createKeyCommand } from "../keys/create-key.ts";
import { getCurrentKey as getCurrentKeyCommand, revokeCurrentKey as revokeCurrentKeyCommand } from "../keys/current-key.ts";
import { listKeys as listKeysCommand } from "../keys/list-keys.ts";
import { revokeKey as revokeKeyCommand } from "../keys/revoke-key.ts";
import { claimLogin as claimLoginCommand } from "../logins/claim-login.ts";
import { createLogin as createLoginCommand } from "../logins/create-login.ts";
import { decideLogin as decideLoginCommand, getLogin as getLoginCommand } from "../logins/decide-login.ts";
import { addPasskey as addPasskeyCommand, listPasskeys as listPasskeysCommand, removePasskey as removePasskeyCommand } from "../passkeys/change-passkeys.ts";
import { createPasskeyAccount as createPasskeyAccountCommand } from "../passkeys/create-passkey-account.ts";
import { offerPasskey as offerPasskeyCommand } from "../passkeys/offer-passkey.ts";
import { signInWithPasskey as signInWithPasskeyCommand } from "../passkeys/sign-in-with-passkey.ts";
import { signIn as signInCommand } from "../sign-in.ts";
import { signOut as signOutCommand } from "../sign-out.ts";

/** `cookie` or `authorization` of a request, and whatever else it carries. */
export type Credentials = Record<string, string>;
export type Answer = { status: number; body: Record<string, unknown>; error: ErrorCode | null; problem: string; setCookie: string };
export type Caller = (endpoint: Endpoint, input?: Record<string, unknown>, credentials?: Credentials) => Promise<Answer>;

/** Calls the endpoints of accounts and devices through their doors with real requests. */
export function openCaller(services: Services): Caller {
  const doors = openDoors(services);
  return async (endpoint, input = {}, credentials = {}) => {
    const door = doors[endpoint.name];
    if (!door) throw new Error(`there is no door for ${endpoint.name}`);
    const response = await door(buildRequest(services.config.origin, { endpoint, input, credentials }));
    const body = (await response.json()) as Record<string, unknown>;
    const error = body.error as { code: ErrorCode; message: string } | undefined;
    return { status: response.status, body, error: error?.code ?? null, problem: error?.message ?? "", setCookie: response.headers.get("set-cookie") ?? "" };
  };
}

/** The doors by the names of their endpoints. */
export function openDoors(services: Services): Record<string, Door> {
  const source = async () => services;
  return {
    createChallenge: handle(createChallenge, createChallengeCommand, source),
    signIn: handleWithHeaders(signIn, signInCommand, source),
    signOut: handleWithHeaders(signOut, signOutCommand, source),
    exportMe: handle(exportMe, exportMeCommand, source),
    deleteMe: handleWithHeaders(deleteMe, deleteMeCommand, source),
    getMe: handle(getMe, getMeCommand, source),
    offerPasskey: handle(offerPasskey, offerPasskeyCommand, source),
    createPasskeyAccount: handleWithHeaders(createPasskeyAccount, createPasskeyAccountCommand, source),
    signInWithPasskey: handleWithHeaders(signInWithPasskey, signInWithPasskeyCommand, source),
    listPasskeys: handle(listPasskeys, listPasskeysCommand, source),
    addPasskey: handle(addPasskey, addPasskeyCommand, source),
    removePasskey: handle(removePasskey, removePasskeyCommand, source),
    addWallet: handle(addWallet, addWalletCommand, source),
    createKey: handle(createKey, createKeyCommand, source),
    listKeys: handle(listKeys, listKeysCommand, source),
    revokeKey: handle(revokeKey, revokeKeyCommand, source),
    getCurrentKey: handle(getCurrentKey, getCurrentKeyCommand, source),
    revokeCurrentKey: handle(revokeCurrentKey, revokeCurrentKeyCommand, source),
    createLogin: handle(createLogin, createLoginCommand, source),
    claimLogin: handle(claimLogin, claimLoginCommand, source),
    getLogin: handle(getLogin, getLoginCommand, source),
    decideLogin: handle(decideLogin, decideLoginCommand, source),
    registerDevice: handle(registerDevice, registerDeviceCommand, source),
    createEnrolment: handle(createEnrolment, createEnrolmentCommand, source),
    listDevices: handle(listDevices, listDevicesCommand, source),
    revokeDevice: handle(revokeDevice, revokeDeviceCommand, source),
    createCheckingCode: handle(createCheckingCode, createCheckingCodeCommand, source),
    listCheckingDevices: handle(listCheckingDevices, listCheckingDevicesCommand, source),
    revokeCheckingDevice: handle(revokeCheckingDevice, revokeCheckingDeviceCommand, source),
    linkDevice: handle(linkDevice, linkDeviceCommand, source),
    listMyDevices: handle(listMyDevices, listMyDevicesCommand, source),
    unlinkDevice: handle(unlinkDevice, unlinkDeviceCommand, source),
    closeDevice: handle(closeDevice, closeDeviceCommand, source),
  };
}

function buildRequest(origin: string, call: { endpoint: Endpoint; input: Record<string, unknown>; credentials: Credentials }): Request {
  const { endpoint, credentials } = call;
  const rest = { ...call.input };
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return value;
  });
  if (endpoint.method === "POST") {
    return new Request(origin + path, { method: "POST", headers: { "content-type": "application/json", ...credentials }, body: JSON.stringify(rest) });
  }
  const query = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return new Request(`${origin}${path}?${query}`, { method: endpoint.method, headers: credentials });
}
