import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";

/** A recipe as it is trained, with all choices made. */
export interface ChosenRecipe extends Recipe {
  /** Whether noise is paired with the point where the teacher's flow takes it, instead of independent data. */
  readonly isRectified: boolean;
}

/** The form of the network that a loss of the recipe decides; undefined where the losses leave it open. */
export const decidedForm = ({ terms }: Pick<Recipe, "terms">): FlowMapForm | undefined =>
  terms.map((term) => term.loss.learns).find((learns) => Object.hasOwn(flowMapForms, learns)) as
    | FlowMapForm
    | undefined;

/** Whether a recipe trains auxiliary networks in alternation with the student. */
export const alternates = ({ fakeVelocity, critic }: Recipe): boolean => fakeVelocity !== null || critic !== null;
