import { losses } from "@pushforward/losses";
import { printLane } from "../../src/race/raceLink.ts";
import { type GuidePage, pathBetween } from "./guidePages.ts";

/** Panes that show a loss, with the part of their address that names it. */
const panes: readonly { title: string; file: string; hash(loss: string): string }[] = [
  { title: "Race", file: "index.html", hash: (loss) => `#v=1&lane=${printLane({ loss, withoutStops: [] })}` },
  { title: "Stepper", file: "stepper.html", hash: (loss) => `#v=1&show=${loss}` },
];

/** Links from the page of a loss to the panes that show the loss; empty for other pages. */
export function panesOfLoss({ source, file }: GuidePage): string {
  const [, name = ""] = source.match(/^docs\/losses\/(\w+)\.md$/) ?? [];
  if (!Object.hasOwn(losses, name)) return "";
  const links = panes.map(
    (pane) => `<a href="${pathBetween(file, pane.file)}${pane.hash(name).replaceAll("&", "&amp;")}">${pane.title}</a>`,
  );
  return `<p class="panes">Open in: ${links.join(" · ")}</p>`;
}
