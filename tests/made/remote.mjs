// Call an entry of a library for wasm32: `node remote.mjs LIBRARY ENTRY`, see remote.py.
import { readFileSync, writeSync } from "node:fs";

const [, , path, entry] = process.argv;
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)));
exports._initialize();

const sent = readFileSync(0);
const number = (k) => Number(sent.readBigInt64LE(8 * k));
const [arrays, wholes, reals] = [0, 1, 2].map(number);
const sizes = Array.from({ length: arrays }, (_, k) => number(3 + k));

let end = exports.__heap_base.value;
function room(bytes) {
  const start = Math.ceil(end / 64) * 64;
  end = start + bytes;
  return start;
}

const [pointers, table] = [room(8 * arrays), room(8 * (wholes + reals))];
const places = sizes.map(room);
exports.memory.grow(Math.ceil(end / 65536) - exports.memory.buffer.byteLength / 65536);
const memory = new Uint8Array(exports.memory.buffer);
const view = new DataView(exports.memory.buffer);

let read = 8 * (3 + arrays);
function take(place, bytes) {
  memory.set(sent.subarray(read, read + bytes), place);
  read += bytes;
}
take(table, 8 * (wholes + reals));
places.forEach((place, k) => {
  view.setBigInt64(pointers + 8 * k, BigInt(place), true);
  take(place, sizes[k]);
});

const status = new BigInt64Array([BigInt(exports[entry](pointers, table, table + 8 * wholes))]);
const returned = places.map((place, k) => memory.subarray(place, place + sizes[k]));
const answer = Buffer.concat([Buffer.from(status.buffer), ...returned]);
for (let written = 0; written < answer.length; ) written += writeSync(1, answer, written);
