import type { ComponentProps } from "react";

type PageLinkProps = ComponentProps<"a"> & { href: string };

/**
 * A link to a page of ours as a plain element, so that it brings no script along: the keys of the shell (`lib/client/palette`) follow it inside the app, and where
 * there is no app it loads the page.
 */
export function PageLink({ children, ...props }: PageLinkProps) {
  return (
    <a data-page-link {...props}>
      {children}
    </a>
  );
}
