import qrcode from "qrcode-generator";

/** Light modules around the code, without which cameras do not find it. */
const QUIET_MODULES = 4;

/** An address as a QR code. Always dark on light: many cameras read no other. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // Version 0: the smallest that holds the text; level M repairs 15 %.
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const size = count + 2 * QUIET_MODULES;
  const dark = Array.from({ length: count * count }, (_, i) => [Math.floor(i / count), i % count] as const).filter(([row, column]) => code.isDark(row, column));
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges" className="size-40 rounded-control">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.map(([row, column]) => `M${column + QUIET_MODULES} ${row + QUIET_MODULES}h1v1h-1z`).join("")} fill="#000" />
    </svg>
  );
}
