import { mount } from "svelte";
import { embeddedBy } from "../embedding.ts";
import { panes } from "./panes.ts";

/** Mounts the panes of a lesson, each as soon as it comes near the window, because every pane starts workers. */
export function showPanes(): void {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        void show(target as HTMLElement);
      }
    },
    { rootMargin: "300px" },
  );
  for (const place of document.querySelectorAll("[data-pane]")) observer.observe(place);
}

async function show(place: HTMLElement): Promise<void> {
  const { pane = "", link = "" } = place.dataset;
  const { default: component } = await panes[pane]();
  const onLink = (now: string): void => {
    place.dataset.link = now;
    place.querySelector<HTMLAnchorElement>("a.whole")!.href = `../${pane}.html${now}`;
  };
  place.replaceChildren(
    Object.assign(document.createElement("a"), { className: "whole", textContent: "Open this pane in its own page" }),
  );
  mount(component, { target: place, anchor: place.firstChild!, context: embeddedBy({ link, onLink }) });
}
