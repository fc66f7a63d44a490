/** The CSS variable with the colour of a lane; there are more colours than lanes. */
export const laneColor = (place: number): string => `--loss-${place}`;
