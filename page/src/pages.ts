/** A page of the site that holds a pane. */
export interface PanePage {
  readonly file: string;
  readonly title: string;
}

/** The pages of the panes in the order of the navigation. */
export const panePages = [
  { file: "index.html", title: "Race" },
  { file: "switchboard.html", title: "Switchboard" },
  { file: "microscope.html", title: "Microscope" },
  { file: "identity.html", title: "Identity bench" },
  { file: "stepper.html", title: "Stepper" },
] as const satisfies readonly PanePage[];

/** Title of a pane. */
export type PaneTitle = (typeof panePages)[number]["title"];
