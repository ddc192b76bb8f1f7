// The part of a scale that a chart shows: as much as holds what is drawn, so that effects can be seen, and no more often
// another one than has to be. It grows at once, as nothing may be cut off, and gets smaller only when a hand rests.

const ROOM = 0.03; // of the scale: what comes nearer to the upper edge makes it grow
const FEWEST = 2; // cells of the grid

/** Makes the window of a scale `[low, high]` whose edges lie on a grid; without a grid it is the whole scale. */
export function makeWindow([low, high], grid) {
  let shown = grid ? null : [low, high];
  let needed = shown;
  let whole = !grid;

  /** Returns the least part of the scale that holds values; the bottom stays where they reach into its lower half. */
  function around(least, most) {
    const up = (value) => low + grid * Math.ceil((value - low) / grid - 1e-9);
    const down = (value) => low + grid * Math.floor((value - low) / grid + 1e-9);
    const bottom = least - low > 0.5 * (most - low) ? Math.max(low, down(least)) : low;
    const top = Math.min(high, Math.max(up(most + ROOM * (most - bottom)), bottom + FEWEST * grid));
    return [Math.min(bottom, top - FEWEST * grid), top];
  }

  return {
    /** Takes what is drawn now. */
    hold(least, most) {
      if (!grid || !(most >= least)) return;
      needed = around(least, most);
      shown = shown ? [Math.min(shown[0], needed[0]), Math.max(shown[1], needed[1])] : needed;
    },
    /** Goes back to what is needed. */
    settle() { shown = needed; },
    /** Shows the whole scale or a part of it. */
    toggle() { whole = !whole; },
    get whole() { return whole; },
    get domain() { return whole || !shown ? [low, high] : shown; },
  };
}
