import { losses } from "@pushforward/losses";
import { tangentLosses } from "../../src/microscope/microscopeLink.ts";
import { printLane } from "../../src/race/raceLink.ts";
import { catalogue } from "../catalogue.ts";
import { type GuidePage, pathBetween } from "./guidePages.ts";

const inMicroscope = new Set(tangentLosses(catalogue()).map(({ name }) => name));
const isInMicroscope = (loss: string): boolean => inMicroscope.has(loss);

/** Panes that show a loss, with the part of their address that names it. */
const panes: readonly { title: string; file: string; hash(loss: string): string; shows?(loss: string): boolean }[] = [
  { title: "Race", file: "index.html", hash: (loss) => `#v=1&lane=${printLane({ loss, withoutStops: [] })}` },
  { title: "Switchboard", file: "switchboard.html", hash: (loss) => `#v=1&loss=${loss}` },
  { title: "Microscope", file: "microscope.html", hash: (loss) => `#v=1&loss=${loss}`, shows: isInMicroscope },
  { title: "Stepper", file: "stepper.html", hash: (loss) => `#v=1&show=${loss}` },
];

/** Links from the page of a loss to the panes that show the loss; empty for other pages. */
export function panesOfLoss({ source, file }: GuidePage): string {
  const [, name = ""] = source.match(/^docs\/losses\/(\w+)\.md$/) ?? [];
  if (!Object.hasOwn(losses, name)) return "";
  const shown = panes.filter(({ shows }) => shows?.(name) ?? true);
  const links = shown.map(
    (pane) => `<a href="${pathBetween(file, pane.file)}${pane.hash(name).replaceAll("&", "&amp;")}">${pane.title}</a>`,
  );
  return `<p class="panes">Open in: ${links.join(" · ")}</p>`;
}
