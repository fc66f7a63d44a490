import { startAsking } from "../work/ask.svelte.ts";
import type { LessonAnswers } from "../work/lessons/answerLessons.ts";

/** Gives every task of a lesson a button that checks the state of the pane above it. */
export function checkTasks(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-task]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Check" });
    const news = document.createElement("span");
    news.setAttribute("role", "status");
    button.addEventListener("click", () => check(place, news));
    place.append(button, news);
  }
}

/** The link of the pane above a task, as the pane is now. */
function linkAbove(place: HTMLElement): string {
  const above = Array.from(document.querySelectorAll<HTMLElement>("[data-pane]")).filter(
    (pane) => pane.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return above[above.length - 1].dataset.link!;
}

async function check(place: HTMLElement, news: HTMLElement): Promise<void> {
  const worker = startAsking<LessonAnswers>("lessons");
  news.textContent = "checks …";
  try {
    const { isSolved, sentence } = await worker.ask("check", { task: place.dataset.task!, link: linkAbove(place) });
    news.textContent = sentence;
    place.dataset.solved = String(isSolved);
  } catch (error) {
    news.textContent = (error as Error).message;
  } finally {
    worker.close();
  }
}
