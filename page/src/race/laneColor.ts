/** The CSS variable with the colour of a lane; the page's most lanes are fewer than the colours. */
export const laneColor = (place: number): string => `--loss-${place}`;
