import { describeLosses } from "../support/describeLosses.ts";

describeLosses("torch");
