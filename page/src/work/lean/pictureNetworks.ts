import { DomainError } from "@pushforward/tensor";
import type { NetworkFamily } from "@pushforward/training";

/** A network that workers of this page do not have: their problems are points in the plane. */
const absent = (name: string): NetworkFamily => ({
  make: () => {
    throw new DomainError(`train: network must be mlp in this page, got ${name}; use the command for pictures`);
  },
  describe: () => name,
});

/** The families of networks of pictures, none of which is in the page. */
export const pictureFamilies = { dit: absent("dit"), unet: absent("unet") };
