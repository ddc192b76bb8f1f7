// What a chart shows up to a year: the years after it are left out, axes stay as they are.

/** Returns the data of a chart up to a year; all of it if there is none. */
export function upTo(spec, data, year) {
  if (year === null || !data || spec.type === "tiles") return data;
  if (spec.type === "timeline") return { ...data, rows: opened(data.rows, year), ghost: data.ghost && opened(data.ghost, year) };
  const at = spec.years.indexOf(year);
  const last = at === spec.years.length - 1;
  return { ...cut(data, spec.years.length, at), heading: last ? data.heading : undefined };
}

/** Leaves the years after one out of every list that has a value for each year. */
function cut(value, years, at) {
  if (Array.isArray(value)) return value.length === years ? value.map((one, i) => (i <= at ? one : null)) : value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cut(one, years, at)]));
}

/** Leaves out the steps that open after a year. */
function opened(rows, year) {
  const until = (steps) => Object.fromEntries(Object.entries(steps).filter(([, { median }]) => median !== null && median <= year));
  return Object.fromEntries(Object.entries(rows).map(([name, steps]) => [name, until(steps)]));
}
