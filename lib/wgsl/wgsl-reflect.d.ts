// Under Node the package's main file is no module; its other file is, and has the same types.
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export { type VariableInfo, WgslReflect } from "wgsl_reflect";
}
