/*
 * Whether an image leaves at an exit of this network, and as what: for programs that run its stages themselves. Needs
 * the C library alone (-lm). Thresholds, class means and classifiers are in offramp_data.h; with OFFRAMP_INT8 the class
 * means take a byte each, in offramp_int8.h.
 *
 *   for (int e = 0; e < OFFRAMP_EXITS; e++) {
 *     run the network up to offramp_exits[e].stage;
 *     int label = offramp_decide(e, output, logits, &confidence);
 *     if (label >= 0) break;
 *   }
 */
#ifndef OFFRAMP_H
#define OFFRAMP_H
#include <math.h>
#include <stddef.h>

#ifdef OFFRAMP_INT8
typedef signed char offramp_mean;
#else
typedef float offramp_mean;
#endif

enum { OFFRAMP_ABOVE, OFFRAMP_AT_LEAST, OFFRAMP_BELOW };                            /* rule: confidence ? threshold */
enum { OFFRAMP_ALONE, OFFRAMP_AND, OFFRAMP_OR, OFFRAMP_LABEL, OFFRAMP_BY_LABEL };   /* how two judges go together */
enum { OFFRAMP_MEANS, OFFRAMP_LINEAR, OFFRAMP_LOGITS };                             /* what a judge goes by */
enum { OFFRAMP_SOFTMAX, OFFRAMP_ENTROPY, OFFRAMP_CERTAINTY, OFFRAMP_TRADE_OFF };    /* how sure logits are */

typedef struct {
  int kind, sureness;
  const offramp_mean *means;         /* [classes][size], times `scales`; NULL where there are none */
  const float *scales, *inverse;     /* [classes]: 1 / mean distance; below 0 for a class without a mean */
  int raw;                           /* 1: the label is of the least distance, 0: of the least d / m */
  const float *weights, *bias, *near; /* [inputs][classes], [classes], [classes][classes] or NULL */
  int pool_height, pool_width;       /* 0: as it is */
  float alpha;                       /* of the greatest in each pool; the rest is of the mean */
  int trade_offs;
  const double *lambdas, *decisions; /* [trade_offs], [trade_offs][features + 1] */
} offramp_judge;

typedef struct {
  int exit;                           /* among all exits of the trace */
  const char *stage;                  /* the layer after which it sits */
  int height, width, channels;        /* of the network's output there */
  int judges, agree, per;             /* thresholds a judge: 1, or one a label */
  offramp_judge judge[2];
  const float *thresholds[2];
} offramp_exit;

#include "offramp_data.h"

/* Number d in the order of height, width and channels; define OFFRAMP_CHANNELS_FIRST where channels come first. */
static inline float offramp_at(const offramp_exit *e, const float *x, int d) {
#ifdef OFFRAMP_CHANNELS_FIRST
  return x[(d % e->channels) * e->height * e->width + d / e->channels];
#else
  (void)e;
  return x[d];
#endif
}

/* d / m to every class mean, or d where `raw`; a class without a mean is infinitely far. */
static inline void offramp_distances(const offramp_exit *e, const offramp_judge *j, const float *x, int raw, float *to) {
  int size = e->height * e->width * e->channels;
  for (int c = 0; c < OFFRAMP_CLASSES; c++) {
    double sum = 0;
    for (int d = 0; d < size; d++) {
      double by = offramp_at(e, x, d) - (double)j->scales[c] * j->means[(size_t)c * size + d];
      sum += by * by;
    }
    to[c] = j->inverse[c] < 0 ? INFINITY : (float)(sqrt(sum) * (raw ? 1 : j->inverse[c]));
  }
}

/* What a linear layer gives, of the pooled map. */
static inline void offramp_linear(const offramp_exit *e, const offramp_judge *j, const float *x, float *logits) {
  int high = j->pool_height ? j->pool_height : 1, wide = j->pool_width ? j->pool_width : 1, input = 0;
  double sums[OFFRAMP_CLASSES];
  for (int c = 0; c < OFFRAMP_CLASSES; c++) sums[c] = j->bias[c];
  for (int top = 0; top + high <= e->height; top += high)
    for (int left = 0; left + wide <= e->width; left += wide)
      for (int channel = 0; channel < e->channels; channel++, input++) {
        double most = -INFINITY, mean = 0;
        for (int i = 0; i < high * wide; i++) {
          int place = (top + i / wide) * e->width + left + i % wide;
          double value = offramp_at(e, x, place * e->channels + channel);
          if (value > most) most = value;
          mean += value / (high * wide);
        }
        double seen = j->pool_height ? j->alpha * most + (1 - (double)j->alpha) * mean : most;
        for (int c = 0; c < OFFRAMP_CLASSES; c++) sums[c] += seen * j->weights[input * OFFRAMP_CLASSES + c];
      }
  if (j->near) {
    float distance[OFFRAMP_CLASSES];
    offramp_distances(e, j, x, 0, distance);
    for (int from = 0; from < OFFRAMP_CLASSES; from++)
      for (int c = 0; c < OFFRAMP_CLASSES && isfinite(distance[from]); c++)
        sums[c] += distance[from] * j->near[from * OFFRAMP_CLASSES + c];
  }
  for (int c = 0; c < OFFRAMP_CLASSES; c++) logits[c] = (float)sums[c];
}

/* The λ up to which the decision functions let go, from probabilities in falling order and their entropy. */
static inline double offramp_trade_off(const offramp_judge *j, double *p, double entropy) {
  int kept = OFFRAMP_CLASSES < 10 ? OFFRAMP_CLASSES : 10, many = 0, first = j->trade_offs;
  double inside = 0, outside = 0, value[OFFRAMP_TRADE_OFFS];
  for (int a = 0; a < kept; a++)
    for (int b = a + 1; b < OFFRAMP_CLASSES; b++)
      if (p[b] > p[a]) {
        double held = p[a];
        p[a] = p[b];
        p[b] = held;
      }
  for (int l = 0; l < j->trade_offs; l++) {
    const double *w = j->decisions + l * (kept + 2);
    value[l] = w[kept + 1] + w[kept] * (float)entropy;
    for (int f = 0; f < kept; f++) value[l] += w[f] * (float)p[f];
    if (value[l] >= 0) many++;
    else if (l < first) first = l;
  }
  if (many == 0) return 0;
  if (many == j->trade_offs || many != first) return j->lambdas[many - 1];
  inside = value[many - 1], outside = value[many];
  double part = inside / (inside - outside), below = j->lambdas[many - 1];
  return below * pow(j->lambdas[many] / below, part < 0.999 ? part : 0.999);
}

/* A label, and how sure it is. */
static inline int offramp_judged(const offramp_exit *e, const offramp_judge *j, const float *x, const float *logits,
                                 float *confidence) {
  float z[OFFRAMP_CLASSES], raw[OFFRAMP_CLASSES];
  double p[OFFRAMP_CLASSES], sum = 0, weighted = 0;
  int best = 0, label = 0;
  if (j->kind == OFFRAMP_MEANS) {
    offramp_distances(e, j, x, 0, z);
    for (int c = 0; c < OFFRAMP_CLASSES; c++) z[c] = -z[c];
  } else if (j->kind == OFFRAMP_LINEAR) {
    offramp_linear(e, j, x, z);
  } else {
    for (int c = 0; c < OFFRAMP_CLASSES; c++) z[c] = logits[c];
  }
  for (int c = 1; c < OFFRAMP_CLASSES; c++)
    if (z[c] > z[best]) best = c;
  label = best;
  if (j->kind == OFFRAMP_MEANS && j->raw) {
    offramp_distances(e, j, x, 1, raw);
    for (int c = label = 0; c < OFFRAMP_CLASSES; c++)
      if (raw[c] < raw[label]) label = c;
  }
  for (int c = 0; c < OFFRAMP_CLASSES; c++) {
    p[c] = exp((double)z[c] - z[best]);
    sum += p[c];
    if (p[c] > 0) weighted += p[c] * ((double)z[c] - z[best]);
  }
  double entropy = fmax(0, log(sum) - weighted / sum);
  for (int c = 0; c < OFFRAMP_CLASSES; c++) p[c] /= sum;
  *confidence = (float)(j->sureness == OFFRAMP_ENTROPY     ? entropy
                        : j->sureness == OFFRAMP_CERTAINTY ? fmax(0, log(OFFRAMP_CLASSES) - entropy)
                        : j->sureness == OFFRAMP_TRADE_OFF ? offramp_trade_off(j, p, entropy)
                                                           : 1 / sum);
  return label;
}

static inline int offramp_holds(float confidence, float threshold) {
  return OFFRAMP_RULE == OFFRAMP_ABOVE      ? confidence > threshold
         : OFFRAMP_RULE == OFFRAMP_AT_LEAST ? confidence >= threshold
                                            : confidence < threshold;
}

/* What an exit says of an image, whether it leaves or not. Returns the label; `leaves` is 1 where it leaves. */
static inline int offramp_say(int exit, const float *x, const float *logits, float *confidence, int *leaves) {
  const offramp_exit *e = &offramp_exits[exit];
  float said[2] = {0, 0};
  int labels[2] = {0, 0};
  for (int j = 0; j < e->judges; j++) labels[j] = offramp_judged(e, &e->judge[j], x, logits, &said[j]);
  int label = labels[0], last = exit == OFFRAMP_EXITS - 1, held = 0, asked = e->judges;
  if (e->agree == OFFRAMP_LABEL) {
    if (labels[1] != label) said[0] = 0;
    asked = 1;
  }
  int any = e->agree == OFFRAMP_OR || e->agree == OFFRAMP_BY_LABEL;
  if (e->agree == OFFRAMP_BY_LABEL) { /* one threshold where the labels differ, one where they are the same */
    int same = labels[1] == label;
    said[same] = said[0];
    said[!same] = -1;
  }
  for (int j = 0; j < asked && !last; j++)
    held += offramp_holds(said[j], e->thresholds[j][e->per > 1 ? label : 0]);
  *confidence = said[0];
  *leaves = last || (any ? held > 0 : held == asked);
  return label;
}

/*
 * The label of an image that leaves at an exit (0 … OFFRAMP_EXITS − 1), or −1 for one that goes on.
 * x: the network's output after the exit's stage; logits: of the branch there, at the last exit of the network itself.
 * Either may be NULL where the exit goes by the other.
 */
static inline int offramp_decide(int exit, const float *x, const float *logits, float *confidence) {
  int leaves, label = offramp_say(exit, x, logits, confidence, &leaves);
  return leaves ? label : -1;
}
#endif
