/* What `stats` says of caches: the model's counts by operation, and how buckets lie on lines; as text and as JSON.
 */
#ifndef SRC_CACHE_REPORT_H
#define SRC_CACHE_REPORT_H

#include "src/command/options.h"
#include "trace/base/json.h"
#include "trace/map/classic/fit.h"
#include "trace/cache/traffic.h"

/* The options --line, --l1, --l2 (c is 'L', '1', '2').  false: error (CACHE_ERROR bytes) says what is wrong. */
bool cache_option(struct cache_shape *s, int c, const char *text, char *error);
/* The same as rows of a table of options. */
option_read cache_read_line, cache_read_l1, cache_read_l2;
#define CACHE_OPTIONS(shape) OPTION_READ("line", cache_read_line, shape), OPTION_READ("l1", cache_read_l1, shape), \
	OPTION_READ("l2", cache_read_l2, shape)

/* The model's counts: lines of text; the key "cache" and its object. */
void cache_report(const struct traffic *t);
void cache_report_json(struct json *j, const struct traffic *t);

/* Buckets of a map by where they begin in a line. */
enum { FIT_PLACES = LINE_MOST / 8 }; /* a bucket begins at a multiple of 8 */
struct fit_count { uint64_t buckets[FIT_PLACES]; };
void fit_count_add(struct fit_count *n, uint64_t addr, uint32_t line);
/* Lines of text; the keys from "bucket_bytes" to "places". */
void fit_report(const struct fit_count *n, const struct map_type *t, uint32_t line);
void fit_report_json(struct json *j, const struct fit_count *n, const struct map_type *t, uint32_t line);

#endif
