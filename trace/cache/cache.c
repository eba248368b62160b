/* The model of two caches; see cache.h. */
#include "trace/cache/cache.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- shapes ---- */

struct cache_shape cache_shape_usual(void)
{
	return (struct cache_shape){ LINE_USUAL, { 32 << 10, 8 }, { 1 << 20, 16 } };
}

bool cache_level_parse(const char *text, struct cache_level *ret)
{
	char *end;
	if (*text < '0' || *text > '9')
		return false;
	unsigned long long size = strtoull(text, &end, 10), unit = 1;
	if (*end == 'K' || *end == 'k')
		unit = 1 << 10;
	else if (*end == 'M' || *end == 'm')
		unit = 1 << 20;
	end += unit > 1;
	if (*end != ',' || end[1] < '0' || end[1] > '9' || size > CACHE_SIZE_MOST / unit)
		return false;
	unsigned long ways = strtoul(end + 1, &end, 10);
	if (*end || ways > CACHE_WAYS_MOST)
		return false;
	*ret = (struct cache_level){ (uint32_t)(size * unit), (uint32_t)ways };
	return true;
}

void cache_level_print(struct cache_level l, char *out, size_t cap)
{
	if (l.size && l.size % (1 << 20) == 0)
		snprintf(out, cap, "%uM,%u", l.size >> 20, l.ways);
	else if (l.size && l.size % (1 << 10) == 0)
		snprintf(out, cap, "%uK,%u", l.size >> 10, l.ways);
	else
		snprintf(out, cap, "%u,%u", l.size, l.ways);
}

static bool level_check(const char *name, struct cache_level l, uint32_t line, char *error)
{
	char text[40];
	uint32_t set = l.ways * line;
	cache_level_print(l, text, sizeof text);
	if (l.ways < 1 || l.ways > CACHE_WAYS_MOST)
		snprintf(error, CACHE_ERROR, _("%s %s: a cache has 1 to %d ways"), name, text,
			CACHE_WAYS_MOST);
	else if (l.size < set || l.size > CACHE_SIZE_MOST)
		snprintf(error, CACHE_ERROR,
			_("%s %s: with lines of %u bytes and so many ways it has %u bytes at least, and at "
			  "most 256M"),
			name, text, line, set);
	else if (l.size % set || (l.size / set & (l.size / set - 1)))
		snprintf(error, CACHE_ERROR,
			_("%s %s: with lines of %u bytes it would have %.1f sets; their number must be a "
			  "power of two"),
			name, text, line, (double)l.size / set);
	else
		return true;
	return false;
}

bool cache_shape_check(const struct cache_shape *s, char *error)
{
	if (!line_size_known(s->line)) {
		snprintf(error, CACHE_ERROR, _("a line has 32, 64, 128 or 256 bytes, not %u"), s->line);
		return false;
	}
	if (!level_check("L1", s->l1, s->line, error) || !level_check("L2", s->l2, s->line, error))
		return false;
	if (s->l2.size >= s->l1.size)
		return true;
	snprintf(error, CACHE_ERROR, "%s", _("L2 is smaller than L1"));
	return false;
}

/* ---- a cache ---- */

static bool sets_init(struct cache_sets *s, struct cache_level l, uint32_t line)
{
	s->ways = l.ways;
	s->sets = l.size / (l.ways * line);
	s->tag = calloc((size_t)s->sets * s->ways, sizeof *s->tag);
	return s->tag != NULL;
}

bool cache_init(struct cache *c, const struct cache_shape *s)
{
	memset(c, 0, sizeof *c);
	c->shape = *s;
	while (UINT32_C(1) << c->shift < s->line)
		c->shift++;
	if (sets_init(&c->l1, s->l1, s->line) && sets_init(&c->l2, s->l2, s->line))
		return true;
	cache_release(c);
	return false;
}

void cache_release(struct cache *c)
{
	free(c->l1.tag);
	free(c->l2.tag);
	memset(c, 0, sizeof *c);
}

static bool same_shape(const struct cache *a, const struct cache *b)
{
	return a->l1.tag && memcmp(&a->shape, &b->shape, sizeof a->shape) == 0;
}

static size_t sets_bytes(const struct cache_sets *s)
{
	return (size_t)s->sets * s->ways * sizeof *s->tag;
}

bool cache_copy(struct cache *to, const struct cache *from)
{
	if (!same_shape(to, from)) {
		cache_release(to);
		if (!cache_init(to, &from->shape))
			return false;
	}
	memcpy(to->l1.tag, from->l1.tag, sets_bytes(&from->l1));
	memcpy(to->l2.tag, from->l2.tag, sets_bytes(&from->l2));
	return true;
}

size_t cache_bytes(const struct cache_shape *s)
{
	return ((size_t)s->l1.size + s->l2.size) / s->line * sizeof(uint64_t);
}

static uint64_t *set_of(const struct cache_sets *s, uint64_t line)
{
	return s->tag + (size_t)(line & (s->sets - 1)) * s->ways;
}

/* Makes the line the youngest of its set.  true: it was there. */
static bool use(struct cache_sets *s, uint64_t line)
{
	uint64_t *set = set_of(s, line);
	if (set[0] == line)
		return true;
	uint32_t i = 1;
	while (i < s->ways && set[i] != line)
		i++;
	bool hit = i < s->ways;
	memmove(set + 1, set, (hit ? i : s->ways - 1) * sizeof *set);
	set[0] = line;
	return hit;
}

enum cache_place cache_access(struct cache *c, uint64_t addr, unsigned size)
{
	uint64_t first = addr >> c->shift, last = (addr + size - 1) >> c->shift;
	bool hit = use(&c->l1, first);
	if (last != first)
		hit = use(&c->l1, last) && hit;
	if (hit)
		return CACHE_L1;
	hit = use(&c->l2, first);
	if (last != first)
		hit = use(&c->l2, last) && hit;
	return hit ? CACHE_L2 : CACHE_MEMORY;
}

static bool holds(const struct cache_sets *s, uint64_t line)
{
	const uint64_t *set = set_of(s, line);
	for (uint32_t i = 0; i < s->ways; i++)
		if (set[i] == line)
			return true;
	return false;
}

enum cache_place cache_where(const struct cache *c, uint64_t addr)
{
	uint64_t line = addr >> c->shift;
	return holds(&c->l1, line) ? CACHE_L1 : holds(&c->l2, line) ? CACHE_L2 : CACHE_MEMORY;
}
