import { type VariableInfo, WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import type { ReflectedResource } from "#lib/domain/kernel/inspect-kernel.ts";

const SCALARS = ["u32", "i32", "f32"];

/** The resources that a WGSL module declares. Throws for what the parser cannot read. */
export function reflectKernel(source: string): ReflectedResource[] {
  const module = new WgslReflect(source);
  return [
    ...module.uniforms.map((variable) => resourceOf(variable, "uniform")),
    ...module.storage.map((variable) => resourceOf(variable, variable.access === "read_write" ? "read_write" : variable.access === "read" ? "read" : "other")),
    ...[...module.textures, ...module.samplers].map((variable) => resourceOf(variable, "other")),
  ];
}

function resourceOf(variable: VariableInfo, kind: ReflectedResource["kind"]): ReflectedResource {
  const { name, group, binding } = variable;
  return { name, group, binding, kind, members: kind === "uniform" ? membersOf(variable) : null };
}

function membersOf({ type }: VariableInfo): string[] | null {
  if (!("members" in type) || !Array.isArray(type.members)) return null;
  const names = type.members.map((member: { type: { name: string } }) => member.type.name);
  return names.every((name) => SCALARS.includes(name)) ? names : null;
}
