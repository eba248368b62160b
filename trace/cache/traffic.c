/* Accesses counted by operation; see traffic.h. */
#include "trace/base/grown.h"
#include "trace/cache/traffic.h"
#include "trace/base/translate.h"

#include <stdlib.h>
#include <string.h>

const char *const traffic_class_name[TRAFFIC_CLASSES] = { N_("get hit"), N_("get miss"), N_("put new"),
	N_("put again"), N_("delete hit"), N_("delete miss"), N_("loop"), N_("other") };

bool traffic_init(struct traffic *t, const struct source *source, const struct cache_shape *s)
{
	memset(t, 0, sizeof *t);
	t->types.source = source;
	return cache_init(&t->cache, s);
}

void traffic_release(struct traffic *t)
{
	cache_release(&t->cache);
	free(t->line);
	addresses_release(&t->index);
	memset(t, 0, sizeof *t);
}

size_t traffic_bytes(const struct traffic *t)
{
	return sizeof *t + cache_bytes(&t->cache.shape) + t->lines * sizeof *t->line +
		addresses_bytes(&t->index);
}

/* ---- the lines of an operation ---- */

/* Costs what the operation has touched, not what the index has grown to. */
static void forget_lines(struct traffic *t)
{
	for (size_t i = 0; i < t->lines; i++)
		addresses_remove(&t->index, t->line[i].addr, NULL);
	t->lines = t->newest = 0;
}

/* The operation touches a line, before the cache knows of it. */
static void touch(struct traffic *t, uint64_t addr, uint64_t at_byte, uint8_t flags)
{
	if (t->newest >= t->lines || t->line[t->newest].addr != addr) {
		uint64_t *at = addresses_add(&t->index, addr);
		if (!*at) {
			t->line = grown(t->line, &t->lines_cap, t->lines, sizeof *t->line);
			t->line[t->lines] = (struct touched_line){
				.addr = addr, .at = at_byte, .found = (uint8_t)cache_where(&t->cache, addr)
			};
			*at = ++t->lines;
		}
		t->newest = *at - 1;
	}
	t->line[t->newest].flags |= flags;
	t->line[t->newest].step = t->step;
}

/* ---- events ---- */

static void count(struct cache_counts *n, bool write, bool straddling, enum cache_place found)
{
	if (write) {
		n->writes++;
		n->l1_write_misses += found != CACHE_L1;
		n->l2_write_misses += found == CACHE_MEMORY;
	} else {
		n->reads++;
		n->l1_read_misses += found != CACHE_L1;
		n->l2_read_misses += found == CACHE_MEMORY;
	}
	n->straddling += straddling;
}

static void take(void *context, uint64_t addr, unsigned size, bool write)
{
	struct traffic *t = context;
	uint32_t line = t->cache.shape.line;
	uint64_t lo = line_start(addr, line), hi = line_start(addr + size - 1, line);
	if (t->open) {
		touch(t, lo, addr, write ? TOUCH_WRITTEN : TOUCH_READ);
		if (hi != lo)
			touch(t, hi, hi, write ? TOUCH_WRITTEN : TOUCH_READ);
	}
	enum cache_place found = cache_access(&t->cache, addr, size);
	count(&t->all, write, hi != lo, found);
	count(&t->now, write, hi != lo, found);
	if (t->open)
		count(&t->operation, write, hi != lo, found);
}

static enum traffic_class class_of(unsigned kind, unsigned outcome)
{
	switch (outcome) {
	case OUTCOME_FOUND: return kind == OP_GET ? TRAFFIC_GET_HIT : TRAFFIC_OTHER;
	case OUTCOME_ABSENT:
		return kind == OP_GET    ? TRAFFIC_GET_MISS
			: kind == OP_DEL ? TRAFFIC_DELETE_MISS
					 : TRAFFIC_OTHER;
	case OUTCOME_INSERTED: return kind == OP_PUT ? TRAFFIC_PUT_NEW : TRAFFIC_OTHER;
	case OUTCOME_UPDATED: return kind == OP_PUT ? TRAFFIC_PUT_OLD : TRAFFIC_OTHER;
	case OUTCOME_DELETED: return kind == OP_DEL ? TRAFFIC_DELETE_HIT : TRAFFIC_OTHER;
	case OUTCOME_FAULT: return TRAFFIC_OTHER;
	default: return kind == OP_ITER || kind == OP_NEXT || kind == OP_RANGE ? TRAFFIC_LOOP : TRAFFIC_OTHER;
	}
}

static void counts_add(struct cache_counts *to, const struct cache_counts *n)
{
	to->reads += n->reads;
	to->writes += n->writes;
	to->l1_read_misses += n->l1_read_misses;
	to->l1_write_misses += n->l1_write_misses;
	to->l2_read_misses += n->l2_read_misses;
	to->l2_write_misses += n->l2_write_misses;
	to->straddling += n->straddling;
}

void traffic_end(struct traffic *t)
{
	if (!t->open)
		return;
	struct traffic_sum *s = &t->sum[class_of(t->kind, t->outcome)];
	s->operations++;
	s->lines += t->lines;
	counts_add(&s->n, &t->operation);
	t->open = false;
}

static void begin(struct traffic *t, const struct event *e)
{
	traffic_end(t);
	forget_lines(t);
	memset(&t->operation, 0, sizeof t->operation);
	t->op++;
	t->open = true;
	t->kind = (uint8_t)e->b;
	t->outcome = OUTCOME_FAULT; /* until it says how it ended */
}

void traffic_event(struct traffic *t, const struct event *e)
{
	t->step++;
	memset(&t->now, 0, sizeof t->now);
	switch (e->kind) {
	case EV_OP: begin(t, e); break;
	case EV_DONE:
		t->outcome = (uint8_t)(e->a < OUTCOMES ? e->a : OUTCOME_FAULT);
		traffic_end(t);
		break;
	case EV_ALLOC:
		t->zeroed += e->size;
		t->blocks++;
		break;
	default: access_each(&t->types, e, take, t);
	}
}

bool traffic_copy(struct traffic *to, const struct traffic *from)
{
	struct traffic kept = *to;
	*to = *from;
	to->cache = kept.cache;
	to->line = kept.line;
	to->lines_cap = kept.lines_cap;
	to->index = kept.index;
	addresses_copy(&to->index, &from->index);
	bool ok = cache_copy(&to->cache, &from->cache);
	if (to->lines_cap < from->lines)
		to->line = memory_resize(to->line, (to->lines_cap = from->lines_cap) * sizeof *to->line);
	if (!ok) {
		traffic_release(to);
		return false;
	}
	if (from->lines)
		memcpy(to->line, from->line, from->lines * sizeof *to->line);
	return true;
}
