/** The list of results below the field; made with the first text. */
function listBelow(field: HTMLInputElement): HTMLUListElement {
  const list = document.createElement("ul");
  list.setAttribute("aria-label", "Titles that were found");
  field.after(list);
  return list;
}

/** Root of the site as seen from this page. */
const rootOf = (): string => document.querySelector<HTMLAnchorElement>("header.site a.home")!.href;

/** Makes the field of the header search: titles are loaded with its first text. */
export function openSearchField(): void {
  const field = document.querySelector<HTMLInputElement>("header.site input")!;
  let list: HTMLUListElement | undefined;
  field.addEventListener("input", async () => {
    const { search } = await import("./search.ts");
    list ??= listBelow(field);
    const found = field.value.trim() === "" ? [] : search(field.value);
    list.replaceChildren(...found.map((title) => itemOf(title.address, title.title, title.page)));
    if (found.length === 0 && field.value.trim() !== "") list.replaceChildren(textItem("No title has these words."));
  });
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") list?.querySelector("a")?.click();
    if (key === "Escape") list?.replaceChildren();
  });
}

function textItem(text: string): HTMLLIElement {
  return Object.assign(document.createElement("li"), { textContent: text });
}

function itemOf(address: string, title: string, page: string): HTMLLIElement {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), {
    href: new URL(address, rootOf()).href,
    textContent: title,
  });
  item.append(link, Object.assign(document.createElement("small"), { textContent: ` ${page}` }));
  return item;
}
