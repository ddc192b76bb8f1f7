/* Call an entry of a library: `remote LIBRARY ENTRY`, see remote.py. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void *read_all(size_t bytes) {
  void *place = aligned_alloc(64, (bytes + 64) / 64 * 64);
  if (fread(place, 1, bytes, stdin) != bytes) exit(1);
  return place;
}

int main(int count, char **words) {
  void *library = count == 3 ? dlopen(words[1], RTLD_NOW) : NULL;
  int32_t (*entry)(void *, void *, void *) = library ? dlsym(library, words[2]) : NULL;
  if (!entry) return 2;
  int64_t *lengths = read_all(3 * 8), *sizes = read_all(8 * lengths[0]);
  int64_t *wholes = read_all(8 * lengths[1]);
  double *reals = read_all(8 * lengths[2]);
  void **arrays = malloc(8 * lengths[0] + 8);
  for (int64_t k = 0; k < lengths[0]; k++) arrays[k] = read_all(sizes[k]);
  int64_t status = entry(arrays, wholes, reals);
  fwrite(&status, 8, 1, stdout);
  for (int64_t k = 0; k < lengths[0]; k++) fwrite(arrays[k], 1, sizes[k], stdout);
  return 0;
}
