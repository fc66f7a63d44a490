/** Something that a reader takes along from a pane: a text for the clipboard, or a file. */
export type Take =
  | { readonly kind: "text"; readonly label: string; make(): string | Promise<string> }
  | { readonly kind: "file"; readonly label: string; readonly name: string; make(): Blob | Promise<Blob> };

/** The address of a state of this page. */
export const linkTake = (link: () => string): Take => ({
  kind: "text",
  label: "Link",
  make: () => new URL(link(), location.href).href,
});

/** Numbers as a CSV file. */
export const csvTake = (
  name: string,
  columns: readonly string[],
  rows: () => Iterable<readonly (number | string)[]>,
): Take => ({
  kind: "file",
  label: "CSV",
  name,
  make: () => new Blob([[columns, ...rows()].map((row) => `${row.join(",")}\n`).join("")], { type: "text/csv" }),
});

/** A drawing of the page as an SVG file, with the styles that it has here. */
export const svgTake = (name: string, drawing: () => SVGSVGElement): Take => ({
  kind: "file",
  label: "SVG",
  name,
  make: () => new Blob([styledSource(drawing())], { type: "image/svg+xml" }),
});

/** Canvases side by side as one, on the background of the page. */
export function joined(canvases: readonly HTMLCanvasElement[]): HTMLCanvasElement {
  const whole = document.createElement("canvas");
  whole.width = canvases.reduce((sum, { width }) => sum + width, 0);
  whole.height = Math.max(...canvases.map(({ height }) => height));
  const context = whole.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, whole.width, whole.height);
  let left = 0;
  for (const canvas of canvases) {
    context.drawImage(canvas, left, 0);
    left += canvas.width;
  }
  return whole;
}

/** A canvas as a PNG file. */
export const pngTake = (name: string, canvas: () => HTMLCanvasElement): Take => ({
  kind: "file",
  label: "PNG",
  name,
  make: () =>
    new Promise((resolve, reject) =>
      canvas().toBlob((blob) => (blob ? resolve(blob) : reject(new Error("This canvas has no pixels yet.")))),
    ),
});

/** Properties by which a drawing looks as in the page. */
const drawn = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "opacity",
  "font-size",
  "font-family",
];

/** The source of a drawing whose colours and fonts no longer come from the page. */
function styledSource(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  for (const [i, element] of [drawing, ...drawing.querySelectorAll<SVGElement>("*")].entries()) {
    const style = getComputedStyle(element);
    copies[i].removeAttribute("class");
    copies[i].removeAttribute("style");
    for (const property of drawn) copies[i].setAttribute(property, style.getPropertyValue(property));
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** Offers a file for saving. */
export function saveFile(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the download may begin late
}
