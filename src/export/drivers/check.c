/* gcc -Wall -Werror -O2 -o check check.c -lm && ./check check.bin — add -DOFFRAMP_INT8 for class means of a byte. */
#include <stdio.h>
#include <stdlib.h>
#include "offramp.h"

/* Whether an exit has a judge that goes by logits (1), or by the network's output there (0). */
static int goes_by(const offramp_exit *exit, int logits) {
  for (int j = 0; j < exit->judges; j++)
    if ((exit->judge[j].kind == OFFRAMP_LOGITS) == logits) return 1;
  return 0;
}

/* check.bin, little-endian: images; of each its exit and label; of each exit up to there: the network's output, logits. */
int main(int count, char **names) {
  FILE *file = fopen(count > 1 ? names[1] : "check.bin", "rb");
  int images = 0, agree = 0, expected[2];
  if (!file || fread(&images, sizeof images, 1, file) != 1) return fprintf(stderr, "check.bin cannot be read.\n"), 2;
  for (int i = 0; i < images; i++) {
    int left = -1, label = -1, surest = -1;
    float most = -INFINITY;
    if (fread(expected, sizeof expected, 1, file) != 1) return fprintf(stderr, "check.bin is cut off.\n"), 2;
    for (int e = 0; e <= expected[0]; e++) {
      const offramp_exit *exit = &offramp_exits[e];
      size_t size = (size_t)exit->height * exit->width * exit->channels, given = 0;
      float *x = malloc(size * sizeof *x), logits[OFFRAMP_CLASSES], confidence;
      if (!x) return fprintf(stderr, "There is no memory.\n"), 2;
      if (goes_by(exit, 0)) given += size - fread(x, sizeof *x, size, file);
      if (goes_by(exit, 1)) given += OFFRAMP_CLASSES - fread(logits, sizeof *logits, OFFRAMP_CLASSES, file);
      if (given) return fprintf(stderr, "check.bin is cut off.\n"), 2;
      int leaves, said = offramp_say(e, x, logits, &confidence, &leaves);
      if (confidence > most) most = confidence, surest = said;
      if (leaves && left < 0) left = e, label = OFFRAMP_SUREST && e == OFFRAMP_EXITS - 1 ? surest : said;
      free(x);
    }
    if (left == expected[0] && label == expected[1]) agree++;
    else printf("  image %d: exit %d as %d; expected %d as %d\n", i, left, label, expected[0], expected[1]);
  }
  printf("offramp.h: %d of %d agree\n", agree, images);
  return agree < images;
}
