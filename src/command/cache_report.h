/* What `stats` says of caches: the model's counts by operation, as text and as JSON.
 */
#ifndef SRC_CACHE_REPORT_H
#define SRC_CACHE_REPORT_H

#include "src/command/options.h"
#include "trace/base/json.h"
#include "trace/cache/traffic.h"

/* The options --line, --l1, --l2 (c is 'L', '1', '2').  false: error (CACHE_ERROR bytes) says what is wrong.
 */
bool cache_option(struct cache_shape *s, int c, const char *text, char *error);
/* The same as rows of a table of options. */
option_read cache_read_line, cache_read_l1, cache_read_l2;
#define CACHE_OPTIONS(shape) \
	OPTION_READ("line", cache_read_line, shape), OPTION_READ("l1", cache_read_l1, shape), \
		OPTION_READ("l2", cache_read_l2, shape)

/* The model's counts: lines of text; the key "cache" and its object. */
void cache_report(const struct traffic *t);
void cache_report_json(struct json *j, const struct traffic *t);

#endif
