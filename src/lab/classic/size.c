/* lab size-classes: what rounding and the tails of spans waste on the buckets of maps, by four ways to choose
 * classes.
 *
 * Go's 67 classes are the engine's table.  The others are models of an allocator like it: 32 classes whose
 * sizes grow by the same factor, the powers of two, and a class for every multiple of 8 bytes.  Their spans
 * have the fewest pages whose tail is at most an eighth, as Go's have (a check looks).  Objects over 32 KiB
 * get whole pages in all of them, and are told apart.
 */
#include "src/engine/classic/private.h"
#include "src/lab/classic/map.h"

#include "trace/base/grown.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum scheme { GO67, GEOMETRIC32, POWERS, EXACT, SCHEMES };
static const char *const scheme_names[SCHEMES] = { N_("Go's 67"), N_("32 classes"), N_("2^n"),
	N_("exact (8)") };

struct classes {
	uint32_t size[MAX_SMALL / 8 + 1];
	uint8_t pages[MAX_SMALL / 8 + 1];
	unsigned n;
};

/* Pages of a span whose tail is at most an eighth of it. */
static unsigned span_pages(uint32_t size)
{
	unsigned pages = 1;
	while (pages * (unsigned)PAGE_SIZE < size ||
		pages * (unsigned)PAGE_SIZE % size > pages * (unsigned)PAGE_SIZE / 8)
		pages++;
	return pages;
}

static void make_classes(enum scheme s, struct classes *c)
{
	c->n = 0;
	if (s == GO67)
		for (int i = 1; i < SIZE_CLASSES; i++)
			c->size[c->n++] = class_size[i];
	if (s == POWERS)
		for (uint32_t size = 8; size <= MAX_SMALL; size *= 2)
			c->size[c->n++] = size;
	if (s == EXACT)
		for (uint32_t size = 8; size <= MAX_SMALL; size += 8)
			c->size[c->n++] = size;
	for (int i = 0; s == GEOMETRIC32 && i < 32; i++) {
		uint32_t size = (uint32_t)(8 * pow(MAX_SMALL / 8.0, i / 31.0) / 8 + 0.5) * 8;
		if (i && size <= c->size[c->n - 1])
			size = c->size[c->n - 1] + 8;
		c->size[c->n++] = size;
	}
	for (unsigned i = 0; i < c->n; i++)
		c->pages[i] = s == GO67 ? class_pages[i + 1] : (uint8_t)span_pages(c->size[i]);
}

struct waste {
	double asked, internal, tail;
};

/* One object of size bytes: what it takes, and its share of its span's tail. */
static void place_one(const struct classes *c, uint64_t size, double times, struct waste *w)
{
	double takes = (double)((size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE), tail = 0;
	if (size <= MAX_SMALL) {
		unsigned i = 0;
		while (c->size[i] < size)
			i++;
		uint32_t span = c->pages[i] * (uint32_t)PAGE_SIZE;
		takes = c->size[i];
		tail = (double)(span % c->size[i]) / (double)(span / c->size[i]);
	}
	w->asked += (double)size * times;
	w->internal += (takes - (double)size) * times;
	w->tail += tail * times;
}

/* ---- what maps ask for ---- */

struct request {
	uint64_t size, times;
	bool array;
};
struct requests {
	struct request *item;
	size_t n, cap;
};

static void ask(struct requests *r, uint64_t size, bool array)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->item[i].size == size && r->item[i].array == array) {
			r->item[i].times++;
			return;
		}
	r->item = grown(r->item, &r->cap, r->n, sizeof *r->item);
	r->item[r->n++] = (struct request){ size, 1, array };
}

/* An array takes all that the allocator gives (that is more overflow buckets): what it needs is 2^B and a
 * sixteenth. */
static uint64_t needed(uint64_t size, uint64_t bucket)
{
	uint64_t n = 1;
	while (2 * n * bucket <= size)
		n *= 2;
	return (n < 16 ? n : n + n / 16) * bucket;
}

static void note(struct requests *r, const struct event *e, uint64_t bucket)
{
	if (e->kind != EV_ALLOC || !bucket)
		return;
	if (e->b == ROLE_BUCKETS)
		ask(r, needed(e->size, bucket), true);
	else if (e->b == ROLE_OVERFLOW)
		ask(r, e->size, false);
}

struct noting {
	struct sink sink;
	struct requests *requests;
	uint64_t bucket;
};

static void on_map(struct sink *s, const struct map_info *m)
{
	(void)s;
	(void)m;
}

static void on_operation(struct sink *s, const struct operation *o)
{
	(void)s;
	(void)o;
}

static void on_event(struct sink *s, const struct event *e)
{
	struct noting *n = (struct noting *)s;
	note(n->requests, e, n->bucket);
}

/* A set of map types, each filled from nothing. */
static bool run_types(struct lab *l, uint64_t entries, struct requests *r)
{
	static const char *const keys[] = { "int32", "int64", "string", "[20]byte", "any" },
				 *const elems[] = { "struct{}", "bool", "int64", "string", "[24]byte",
					 "[100]byte" };
	enum { KEYS = sizeof keys / sizeof *keys, ELEMS = sizeof elems / sizeof *elems };
	lab_work(l, entries * KEYS * ELEMS, N_("inserts"));
	for (int k = 0; k < KEYS; k++)
		for (int e = 0; e < ELEMS; e++) {
			struct noting n = {
				.sink = { .map = on_map, .operation = on_operation, .event = on_event },
				.requests = r
			};
			struct go_type key, elem;
			struct lab_map x;
			uint8_t bytes[128] = { 0 };
			go_type_parse(keys[k], &key);
			go_type_parse(elems[e], &elem);
			n.bucket = map_type_make(key, elem).bucketsize;
			if (!lab_map_open_noting(
				    &x, keys[k], elems[e], l->release, random_next(&l->random), &n.sink))
				return lab_fail(
					l, "%s", _("no address space for the heap could be reserved"));
			for (uint64_t i = 0; i < entries && lab_go_on(l, i); i++) {
				memcpy(bytes, &i, 8);
				struct go_value v = { .kind = key.kind, .data = bytes, .len = key.size };
				if (key.kind == GO_STRING)
					v = lab_text_key(&x, "k", i);
				if (key.kind == GO_ANY) /* an int64 in a box; its memory is no bucket */
					v = (struct go_value){ .kind = GO_INT64,
						.is_any = true,
						.data = bytes,
						.len = 8,
						.addr = HEAP_BASE };
				x.e->assign(&x.m.map, &v);
			}
			lab_map_close(&x);
			if (!lab_tick(l, entries))
				return false;
		}
	return true;
}

/* The allocations of a recording. */
static bool read_source(struct lab *l, struct requests *r)
{
	struct source *s = l->source;
	uint64_t *bucket = memory_array(s->maps + 1u, sizeof *bucket);
	struct chunk c = { 0 };
	bool ok = true;
	for (unsigned i = 0; i < s->maps; i++)
		bucket[i + 1] = map_type_make(s->map[i].key, s->map[i].elem).bucketsize;
	lab_work(l, s->steps, N_("steps"));
	for (uint64_t step = 1; ok && step <= s->steps; step = c.first + c.count) {
		if ((s->facts ? s->facts : s->chunk)(s, step, &c)) {
			ok = lab_fail(l, "%s", s->error);
			break;
		}
		for (uint32_t i = 0; i < (s->facts ? c.facts : c.count); i++)
			note(r, &c.events[i], c.events[i].map <= s->maps ? bucket[c.events[i].map] : 0);
		ok = lab_tick(l, c.count);
	}
	chunk_release(&c);
	free(bucket);
	return ok;
}

/* ---- results ---- */

static int by_size(const void *a, const void *b)
{
	const struct request *x = a, *y = b;
	return x->size != y->size ? (x->size > y->size) - (x->size < y->size) : x->array - y->array;
}

static void put_requests(struct lab *l, const struct requests *r, const struct classes *go)
{
	struct lab_table *t = lab_table(l, "requests", _("What was asked for, and what Go's classes give"));
	lab_column(t, "bytes", _("asked"), 0);
	lab_column(t, "for", "", -1);
	lab_column(t, "times", "", 0);
	lab_column(t, "given", _("bytes"), 0);
	lab_column(t, "internal", _("bytes"), 0);
	lab_column(t, "tail", _("its share"), 1);
	lab_plot(t, "bytes", "internal", NULL);
	for (size_t i = 0; i < r->n; i++) {
		struct waste w = { 0 };
		place_one(go, r->item[i].size, 1, &w);
		lab_row(t);
		lab_number(t, (double)r->item[i].size);
		lab_word(t, "%s", r->item[i].array ? _("array") : _("overflow"));
		lab_number(t, (double)r->item[i].times);
		lab_number(t, w.asked + w.internal);
		lab_number(t, w.internal);
		lab_number(t, w.tail);
	}
}

static void check_tails(struct lab *l, const struct classes *go)
{
	double kept = 0;
	for (unsigned i = 0; i < go->n; i++) {
		uint32_t span = go->pages[i] * (uint32_t)PAGE_SIZE;
		kept += span % go->size[i] <= span / 8;
	}
	lab_check(l, _("classes of Go's table whose spans have a tail of at most an eighth"), "", kept,
		SIZE_CLASSES - 1, 0);
}

bool lab_size_classes(struct lab *l)
{
	struct requests r = { 0 };
	uint64_t entries = lab_option(l, LAB_ENTRIES, 4000);
	bool ok = l->source ? read_source(l, &r) : run_types(l, entries, &r);
	struct classes *c = memory_array(SCHEMES, sizeof *c);
	if (ok && r.n == 0)
		ok = lab_fail(l, "%s", _("no buckets are allocated there"));
	if (!ok) {
		free(r.item);
		free(c);
		return false;
	}
	qsort(r.item, r.n, sizeof *r.item, by_size);
	struct lab_table *t = lab_table(l, "schemes",
		l->source ? _("Buckets of the recording, up to 32 KiB")
			  : _("Buckets of 30 map types, filled from nothing; blocks up to 32 KiB"));
	lab_column(t, "classes", "", -1);
	lab_column(t, "number", "", 0);
	lab_column(t, "asked", _("bytes"), 0);
	lab_column(t, "internal", "%", 2);
	lab_column(t, "tail", "%", 2);
	lab_column(t, "waste", "%", 2);
	lab_column(t, "given", _("bytes"), 0);
	lab_plot(t, "classes", "waste", NULL);
	struct waste large = { 0 };
	for (int s = 0; s < SCHEMES; s++) {
		struct waste w = { 0 };
		large = w;
		make_classes((enum scheme)s, &c[s]);
		for (size_t i = 0; i < r.n; i++)
			place_one(&c[s], r.item[i].size, (double)r.item[i].times,
				r.item[i].size <= MAX_SMALL ? &w : &large);
		lab_row(t);
		lab_word(t, "%s", _(scheme_names[s]));
		lab_number(t, c[s].n);
		lab_number(t, w.asked);
		double asked = w.asked > 0 ? w.asked : 1;
		lab_number(t, w.internal / asked * 100);
		lab_number(t, w.tail / asked * 100);
		lab_number(t, (w.internal + w.tail) / asked * 100);
		lab_number(t, w.asked + w.internal + w.tail);
	}
	put_requests(l, &r, &c[GO67]);
	check_tails(l, &c[GO67]);
	lab_conclude(l,
		_("Go's 67 classes waste %.1f %% by rounding and %.1f %% in the tails of spans; 32 classes "
		  "%.1f %% and %.1f %%, powers of two "
		  "%.1f %% and %.1f %%."),
		lab_value(t, GO67, "internal"), lab_value(t, GO67, "tail"),
		lab_value(t, GEOMETRIC32, "internal"), lab_value(t, GEOMETRIC32, "tail"),
		lab_value(t, POWERS, "internal"), lab_value(t, POWERS, "tail"));
	lab_conclude(l,
		_("A class for every size would waste %.1f %% by rounding and %.1f %% in tails, but need %u "
		  "kinds of spans, most of which would stand "
		  "half empty: that is not counted here."),
		lab_value(t, EXACT, "internal"), lab_value(t, EXACT, "tail"), c[EXACT].n);
	if (large.asked > 0)
		lab_conclude(l,
			_("Arrays over 32 KiB, %.0f bytes together, get whole pages in each of them: %.1f %% "
			  "by rounding."),
			large.asked, large.internal / large.asked * 100);
	lab_conclude(l,
		_("Go's maps win back part of the rounding of arrays from 16 buckets on: they make more "
		  "overflow buckets of it. Only what is needed, "
		  "2^B buckets and a sixteenth, counts as asked here. Malloc headers are left out."));
	free(r.item);
	free(c);
	return true;
}
