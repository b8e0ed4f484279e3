#!/usr/bin/env node
import { main } from "./main.ts";
import { openTerminal } from "./open-terminal.ts";

process.exitCode = await main(process.argv.slice(2), openTerminal(process));
