type LevelRange = readonly [low: number, high: number];

/** What 0 and 255 become in each colour, as the constants of shaders that write a model's input or read it. */
export function nameLevels([red, green, blue]: readonly [LevelRange, LevelRange, LevelRange]) {
  return {
    redLow: red[0],
    redHigh: red[1],
    greenLow: green[0],
    greenHigh: green[1],
    blueLow: blue[0],
    blueHigh: blue[1],
  };
}
