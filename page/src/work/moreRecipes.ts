/** The recipes of all losses; they are a script of their own, which a worker loads with the first loss outside `firstRecipes`. */
export { recipes } from "@pushforward/losses";
