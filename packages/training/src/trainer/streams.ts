/** Streams of the seed's randomness, by their use. */
export const streams = { init: 1, steps: 2, omega: 3, fakeVelocity: 11, critic: 12, observatory: 13 } as const;

/** Streams of the randomness of a step. */
export const stepStreams = { data: 0, loss: 1, before: 2, measure: 3, labels: 4, scales: 5 } as const;

/** Streams of the randomness of observations: batches count from the first one, points of the maps have noise and data. */
export const observationStreams = {
  batches: 0,
  probes: { noise: 1_000_000, data: 1_000_001 },
  spans: { noise: 2_000_000, data: 2_000_001 },
  samples: { noise: 3_000_000, data: 3_000_001 },
} as const;
