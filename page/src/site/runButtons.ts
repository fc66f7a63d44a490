import { startAsking } from "../work/ask.svelte.ts";
import type { ExampleAnswers } from "../work/examples/answerExamples.ts";

/** Gives every example that runs here a button; its output appears below the code. */
export function addRunButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>("[data-example]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Run" });
    const output = Object.assign(document.createElement("pre"), { className: "output", tabIndex: 0, hidden: true });
    output.setAttribute("role", "status");
    button.addEventListener("click", () => run(block.dataset.example!, button, output));
    block.append(button, output);
  }
}

async function run(name: string, button: HTMLButtonElement, output: HTMLElement): Promise<void> {
  // A module runs once in a worker, therefore every run has its own.
  const worker = startAsking<ExampleAnswers>("examples");
  button.disabled = true;
  output.hidden = false;
  output.textContent = "runs …";
  try {
    output.textContent = await worker.ask("run", name);
    output.dataset.done = name;
  } catch (error) {
    output.textContent = (error as Error).message;
  } finally {
    worker.close();
    button.disabled = false;
  }
}
