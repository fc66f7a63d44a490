/** A page of the site that holds a pane. */
export interface PanePage {
  readonly file: string;
  readonly title: string;
  /** The script of the page, in `src`. */
  readonly script: string;
  /** A sentence for search engines. */
  readonly description: string;
}

/** The pages of the panes in the order of the navigation. */
export const panePages = [
  {
    file: "index.html",
    title: "Race",
    script: "race",
    description: "Losses of flow maps race on the same data in this page: every number is computed here.",
  },
  {
    file: "switchboard.html",
    title: "Switchboard",
    script: "switchboard",
    description:
      "Move the stop-gradients of a loss, cut any arrow of its program, and see what happens to its gradient.",
  },
  {
    file: "microscope.html",
    title: "Microscope",
    script: "microscope",
    description:
      "MeanFlow at one point: velocity, average velocity, derivative and target as arrows, with a tangent that you can change.",
  },
  {
    file: "identity.html",
    title: "Identity bench",
    script: "identity",
    description:
      "Backward residual = Jacobian × forward residual: arrows of an invertible map, a network and a trained map, and every law of the catalogue as a card.",
  },
  {
    file: "stepper.html",
    title: "Stepper",
    script: "stepper",
    description:
      "Step through a loss or a function of your own, equation by equation: values, tangents and cotangents, and where a stop-gradient cuts them.",
  },
] as const satisfies readonly PanePage[];

/** Title of a pane. */
export type PaneTitle = (typeof panePages)[number]["title"];
