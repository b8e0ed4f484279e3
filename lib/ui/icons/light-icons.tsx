import { type ComponentProps, createElement } from "react";
import {
  circleAlert,
  circleUser,
  command,
  flag,
  hammer,
  info,
  type Line,
  minus,
  monitor,
  moon,
  play,
  plus,
  square,
  sun,
  triangleAlert,
  wifiOff,
} from "./lines.ts";

/*
 * The icons of the shell and of the page that lends a tab, as lucide draws them, without the code and the options that lucide-react brings to every page. Other
 * pages take theirs from lucide-react; the test holds both to the same lines.
 */
type IconProps = Omit<ComponentProps<"svg">, "children">;

function Drawing({ lines, ...props }: IconProps & { lines: readonly Line[] }) {
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      {...props}
    >
      {lines.map(([tag, attributes], i) => createElement(tag, { key: i, ...attributes }))}
    </svg>
  );
}

// @__NO_SIDE_EFFECTS__
const iconOf = (lines: readonly Line[]) => (props: IconProps) => <Drawing lines={lines} {...props} />;

export const CircleAlert = iconOf(circleAlert);
export const CircleUser = iconOf(circleUser);
export const Command = iconOf(command);
export const Flag = iconOf(flag);
export const Hammer = iconOf(hammer);
export const Info = iconOf(info);
export const Minus = iconOf(minus);
export const Monitor = iconOf(monitor);
export const Moon = iconOf(moon);
export const Play = iconOf(play);
export const Plus = iconOf(plus);
export const Square = iconOf(square);
export const Sun = iconOf(sun);
export const TriangleAlert = iconOf(triangleAlert);
export const WifiOff = iconOf(wifiOff);
