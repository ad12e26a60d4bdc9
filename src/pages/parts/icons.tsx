import type { ComponentChildren } from 'preact';

/** Line icons, 16 px, always beside or inside something with a name. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="glyph"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const BellIcon = () => (
  <Icon>
    <path d="M3.5 11.5c1-1 1-2 1-4.2a3.5 3.5 0 0 1 7 0c0 2.2 0 3.2 1 4.2z" />
    <path d="M6.7 13.5a1.4 1.4 0 0 0 2.6 0" />
  </Icon>
);
export const BellOffIcon = () => (
  <Icon>
    <path d="M5.6 4.7a3.5 3.5 0 0 1 5.9 2.6c0 1.3 0 2.2.2 2.9M10.8 11.5H3.5c1-1 1-2 1-4.2" />
    <path d="M6.7 13.5a1.4 1.4 0 0 0 2.6 0M2.5 2.5l11 11" />
  </Icon>
);
export const GearIcon = () => (
  <Icon>
    <path d="M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5" />
    <circle cx="9.5" cy="5" r="1.8" />
    <circle cx="6.5" cy="11" r="1.8" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="M9.5 3.5 5 8l4.5 4.5" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
/** Opens downwards. */
export const ChevronIcon = () => (
  <Icon>
    <path d="m4.5 6.2 3.5 3.6 3.5-3.6" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4" />
    <path d="m10 10 3.5 3.5" />
  </Icon>
);
export const OpenIcon = () => (
  <Icon>
    <path d="M6.5 3.5h-3v9h9v-3M9 3h4v4M12.7 3.3 7.5 8.5" />
  </Icon>
);
/** A part of the window, at its side. */
export const DockIcon = () => (
  <Icon>
    <path d="M2.5 3h11v10h-11zM9.5 3v10" />
  </Icon>
);
/** Followed or not: filled or outline, so that it is not told by colour alone. */
export const StarIcon = ({ on }: { on: boolean }) => (
  <Icon>
    <path d="m8 2.2 1.75 3.7 4.05.5-3 2.8.8 4L8 11.2l-3.6 2 .8-4-3-2.8 4.05-.5z" fill={on ? 'currentColor' : 'none'} />
  </Icon>
);
/** A problem that makes the list wrong. */
export const ErrorIcon = () => (
  <Icon>
    <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" />
    <path d="M8 5v3.5M8 11h.01" />
  </Icon>
);
/** A problem that mends itself or leaves the list right but incomplete. */
export const WarningIcon = () => (
  <Icon>
    <path d="M8 2.2 14.2 13H1.8z" />
    <path d="M8 6.2v3M8 11.2h.01" />
  </Icon>
);
export const InfoIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.5v3.5M8 5v.01" />
  </Icon>
);
