/* lab thresholds, growth-cost, prefill: when maps grow, and what it costs. */
#include "src/engine/classic/private.h"
#include "src/lab/classic/map.h"

#include "trace/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *no_heap(void)
{
	return _("no address space for the heap could be reserved");
}

/* The load that starts a growth: 13/2, but 1.21's integer division makes 6. */
static double load_of(const struct release *r)
{
	return r->load_numerator / 2.0;
}

/* The insert that starts the growth of a map of 2^B buckets. */
static double growth_theory(double load, unsigned B)
{
	double insert = floor(load * (double)(UINT64_C(1) << B)) + 1;
	return insert < SLOTS + 1 ? SLOTS + 1 : insert;
}

/* ---- thresholds ---- */

enum { MOST_B = 24 };

/* The inserts at which B rises, by the B before; 0: it did not come to it. */
static bool growths_of(struct lab *l, const struct release *r, uint64_t n, uint64_t insert[MOST_B])
{
	struct lab_map x;
	if (!lab_map_open(&x, "int64", "int64", r, random_next(&l->random), -1, NULL))
		return lab_fail(l, "%s", no_heap());
	unsigned B = 0;
	bool go_on = true;
	for (uint64_t i = 1; i <= n && go_on && B + 1 < MOST_B; i++) {
		lab_put_int(&x, (int64_t)i);
		if (lab_B(&x) != B) {
			insert[B] = i;
			B = lab_B(&x);
		}
		if (i % 4096 == 0)
			go_on = lab_tick(l, 4096);
	}
	lab_map_close(&x);
	return go_on;
}

/* A map of 2^B buckets whose chains become long although it holds few entries: bucket after bucket gets nine
 * keys, and all but keep of them are deleted again.  Chains never shrink. */
struct sparse {
	uint64_t overflow, entries;
	bool same_size;
};

static bool make_sparse(struct lab *l, const struct release *r, unsigned B, unsigned keep, struct sparse *ret)
{
	enum { KEYS = SLOTS + 1 };
	struct lab_map x;
	uint64_t buckets = UINT64_C(1) << B;
	double room = load_of(r) * (double)buckets;
	if (!lab_map_open(&x, "int64", "int64", r, random_next(&l->random), (int64_t)room, NULL))
		return lab_fail(l, "%s", no_heap());
	int64_t *key = memory_array(buckets * KEYS, sizeof *key);
	uint8_t *found = memory_get(buckets);
	uint64_t left = buckets; /* buckets that have not all their keys */
	for (int64_t v = 0; left; v++) {
		struct go_value k = lab_int_key(&v);
		uint64_t i = lab_hash(&x, &k) & (buckets - 1);
		if (found[i] < KEYS) {
			key[i * KEYS + found[i]++] = v;
			left -= found[i] == KEYS;
		}
	}
	*ret = (struct sparse){ .overflow = 0 };
	uint64_t array = lab_array(&x); /* a growth of two buckets is over within its first insert */
	for (uint64_t i = 0; i < buckets * KEYS && lab_array(&x) == array; i++) {
		ret->overflow = lab_noverflow(&x);
		ret->entries = lab_count(&x);
		lab_put_int(&x, key[i]);
		if (i % KEYS == KEYS - 1 && lab_array(&x) == array)
			for (uint64_t d = i - SLOTS; d <= i - keep; d++) {
				struct go_value k = lab_int_key(&key[d]);
				x.e->remove(&x.m.map, &k);
			}
	}
	for (int64_t fresh = -1; lab_array(&x) == array && fresh > -100;
		fresh--) { /* an insert looks at the overflow buckets */
		ret->overflow = lab_noverflow(&x);
		ret->entries = lab_count(&x);
		lab_put_int(&x, fresh);
	}
	ret->same_size = lab_array(&x) != array && lab_B(&x) == B;
	free(key);
	free(found);
	lab_map_close(&x);
	return lab_tick(l, 0);
}

static void put_sparse(struct lab_table *t, unsigned B, const struct sparse *s, double load)
{
	lab_row(t);
	lab_number(t, B);
	lab_number(t, (double)s->overflow);
	lab_number(t, (double)(UINT64_C(1) << B));
	lab_number(t, (double)s->entries);
	lab_number(t, load);
}

static bool same_size_growths(struct lab *l, double *ret_low, double *ret_high)
{
	enum { FROM = 1, TO = 12, EVERY_RELEASE = 6 }; /* the larger ones in the newest release only */
	struct lab_table *t = lab_table(l, "same_size",
		_("The insert that starts a growth of the same size: how many overflow buckets there were"));
	lab_column(t, "B", "", 0);
	lab_column(t, "overflow", _("buckets"), 0);
	lab_column(t, "theory", _("2^B"), 0);
	lab_column(t, "entries", "", 0);
	lab_column(t, "load", _("slots, %"), 1);
	*ret_low = INFINITY;
	*ret_high = 0;
	for (unsigned B = FROM; B <= TO; B++)
		for (int i = B <= EVERY_RELEASE ? 0 : RELEASES - 1; i < RELEASES; i++)
			for (unsigned keep = 1; keep <= 3; keep += 2) {
				struct sparse s;
				char where[32];
				if (!make_sparse(l, &releases[i], B, keep, &s))
					return false;
				double buckets = (double)(UINT64_C(1) << B),
				       load = (double)s.entries / buckets / SLOTS * 100;
				snprintf(where, sizeof where, "go%s, B %u", releases[i].name, B);
				lab_check(l, _("overflow buckets that start a growth of the same size"),
					where, s.same_size ? (double)s.overflow : NAN, buckets, 0);
				*ret_low = load < *ret_low ? load : *ret_low;
				*ret_high = load > *ret_high ? load : *ret_high;
				if (i == RELEASES - 1)
					put_sparse(t, B, &s, load);
			}
	return true;
}

bool lab_thresholds(struct lab *l)
{
	static uint64_t insert[RELEASES][MOST_B];
	uint64_t n = lab_option(l, LAB_ENTRIES, 500000);
	if (n < 53)
		return lab_fail(l, "%s", _("fewer than 53 entries show too few growths"));
	memset(insert, 0, sizeof insert);
	lab_work(l, n * RELEASES, N_("inserts"));
	for (int i = 0; i < RELEASES; i++)
		if (!growths_of(l, &releases[i], n, insert[i]))
			return false;
	struct lab_table *t = lab_table(l, "growths", _("The insert that starts the growth from B to B + 1"));
	lab_column(t, "B", "", 0);
	for (int i = 0; i < RELEASES; i++) {
		char name[24];
		snprintf(name, sizeof name, "go%s", releases[i].name);
		lab_column(t, name, "", 0);
	}
	lab_column(t, "theory", _("load 6.5"), 0);
	lab_column(t, "theory_6", _("load 6"), 0);
	unsigned rows = 0;
	for (unsigned B = 0; B < MOST_B; B++) {
		bool any = false;
		for (int i = 0; i < RELEASES; i++)
			any = any || insert[i][B];
		if (!any)
			break;
		rows++;
		lab_row(t);
		lab_number(t, B);
		for (int i = 0; i < RELEASES; i++) {
			char where[32];
			snprintf(where, sizeof where, "go%s, B %u", releases[i].name, B);
			lab_number(t, insert[i][B] ? (double)insert[i][B] : NAN);
			if (insert[i][B])
				lab_check(l, _("insert that starts a growth"), where, (double)insert[i][B],
					growth_theory(load_of(&releases[i]), B), 0);
		}
		lab_number(t, growth_theory(6.5, B));
		lab_number(t, growth_theory(6, B));
	}
	double low, high;
	if (!same_size_growths(l, &low, &high))
		return false;
	const uint64_t *newest = insert[RELEASES - 1], *odd = insert[3];
	lab_conclude(l,
		_("go%s grows at its insert %.0f, %.0f, %.0f, %.0f, ...: at the first one beyond 8 entries, "
		  "then beyond 6.5 a bucket. Seen for %u "
		  "growths."),
		releases[RELEASES - 1].name, (double)newest[0], (double)newest[1], (double)newest[2],
		(double)newest[3], rows);
	lab_conclude(l,
		_("go%s grows at %.0f, %.0f, %.0f, %.0f, ...: its load of 13/2 is an integer division, which "
		  "gives 6 (golang/go#63438)."),
		releases[3].name, (double)odd[0], (double)odd[1], (double)odd[2], (double)odd[3]);
	lab_conclude(l,
		_("A growth of the same size starts when there are as many overflow buckets as buckets. Here "
		  "that was at %.1f to %.1f %% of the "
		  "slots in use: it does not depend on the load."),
		low, high);
	return true;
}

/* ---- growth-cost ---- */

struct growth {
	unsigned from_B;
	uint64_t insert, last, array, moved, worst_moved;
	double start_ns;
};
enum insert_kind { PLAIN, STARTING, EVACUATING, INSERT_KINDS };
static const char *const insert_names[INSERT_KINDS] = { N_("plain"), N_("starts a growth"), N_("evacuates") };
struct inserts {
	uint64_t n, steps, bytes, worst_bytes, worst_steps;
	double ns, worst_ns;
};

struct costs {
	uint8_t *kind; /* of each insert */
	struct growth growth[MOST_B];
	unsigned growths;
	struct inserts of[INSERT_KINDS];
	uint64_t moved;
	uint64_t worst_chains; /* old buckets that one insert moved */
};

/* The recording engine, every step counted. */
static bool count_costs(struct lab *l, uint64_t seed, uint64_t n, struct costs *c)
{
	struct lab_meter m;
	struct lab_map x;
	lab_meter_init(&m);
	if (!lab_map_open(&x, "int64", "int64", l->release, seed, -1, &m))
		return lab_fail(l, "%s", no_heap());
	bool go_on = true;
	for (uint64_t i = 1; i <= n && go_on; i++) {
		unsigned B = lab_B(&x);
		lab_meter_reset(&m);
		lab_put_int(&x, (int64_t)i);
		uint64_t moved = m.kind[EV_MOVE], bytes = m.written + m.zeroed;
		enum insert_kind kind = lab_B(&x) != B ? STARTING
			: moved || m.kind[EV_EVACUATE] ? EVACUATING
						       : PLAIN;
		struct inserts *of = &c->of[kind];
		c->kind[i] = (uint8_t)kind;
		of->n++;
		of->steps += m.sink.steps;
		of->bytes += bytes;
		of->worst_bytes = bytes > of->worst_bytes ? bytes : of->worst_bytes;
		of->worst_steps = m.sink.steps > of->worst_steps ? m.sink.steps : of->worst_steps;
		c->moved += moved;
		c->worst_chains = m.kind[EV_EVACUATE] > c->worst_chains ? m.kind[EV_EVACUATE]
									: c->worst_chains;
		if (kind == STARTING && c->growths < MOST_B)
			c->growth[c->growths++] = (struct growth){ .from_B = B,
				.insert = i,
				.last = i,
				.array = classic_array_length(&x.m.type, l->release, lab_B(&x)) *
					x.m.type.bucketsize };
		if (kind != PLAIN && c->growths) {
			struct growth *g = &c->growth[c->growths - 1];
			g->moved += moved;
			g->worst_moved = moved > g->worst_moved ? moved : g->worst_moved;
			g->last = lab_growing(&x) ? 0 : i; /* 0: it is not over */
		}
		if (i % 1024 == 0)
			go_on = lab_tick(l, 1024);
	}
	lab_map_close(&x);
	return go_on;
}

/* The same inserts by the silent engine, with a clock. */
static bool time_costs(struct lab *l, uint64_t seed, uint64_t n, struct costs *c)
{
	struct lab_map x;
	if (!lab_map_open(&x, "int64", "int64", l->release, seed, -1, NULL))
		return lab_fail(l, "%s", no_heap());
	unsigned growth = 0;
	bool go_on = true;
	for (uint64_t i = 1; i <= n && go_on; i++) {
		double start = lab_seconds();
		lab_put_int(&x, (int64_t)i);
		double ns = (lab_seconds() - start) * 1e9;
		struct inserts *of = &c->of[c->kind[i]];
		of->ns += ns;
		of->worst_ns = ns > of->worst_ns ? ns : of->worst_ns;
		if (c->kind[i] == STARTING && growth < c->growths)
			c->growth[growth++].start_ns = ns;
		if (i % 4096 == 0)
			go_on = lab_tick(l, 1024);
	}
	lab_map_close(&x);
	return go_on;
}

static void put_growths(struct lab *l, const struct costs *c)
{
	struct lab_table *t = lab_table(l, "growths",
		_("Each growth: the array it clears, the inserts over which it moves the entries"));
	lab_column(t, "from_B", "", 0);
	lab_column(t, "insert", "", 0);
	lab_column(t, "array", _("bytes"), 0);
	lab_column(t, "lasts", _("inserts"), 0);
	lab_column(t, "moved", _("entries"), 0);
	lab_column(t, "theory", _("entries"), 0);
	lab_column(t, "most_moved", _("an insert"), 0);
	lab_column(t, "start_ns", "ns", 0);
	lab_plot(t, "from_B", "most_moved", NULL);
	for (unsigned i = 0; i < c->growths; i++) {
		const struct growth *g = &c->growth[i];
		char where[32];
		snprintf(where, sizeof where, "B %u", g->from_B);
		lab_row(t);
		lab_number(t, g->from_B);
		lab_number(t, (double)g->insert);
		lab_number(t, (double)g->array);
		lab_number(t, g->last ? (double)(g->last - g->insert + 1) : NAN);
		lab_number(t, (double)g->moved);
		lab_number(t, g->last ? (double)(g->insert - 1) : NAN);
		lab_number(t, (double)g->worst_moved);
		lab_number(t, g->start_ns);
		if (g->last) /* each entry that is there when it starts moves once */
			lab_check(l, _("entries moved by a growth"), where, (double)g->moved,
				(double)(g->insert - 1), 0);
	}
}

bool lab_growth_cost(struct lab *l)
{
	uint64_t n = lab_option(l, LAB_ENTRIES, 100000), seed = random_next(&l->random);
	struct costs c = { .growths = 0 };
	if (n <= SLOTS)
		return lab_fail(l, _("a map of up to %d entries does not grow"), SLOTS);
	c.kind = memory_get(n + 1);
	lab_work(l, n + n / 4, N_("inserts"));
	bool ok = count_costs(l, seed, n, &c) && time_costs(l, seed, n, &c);
	free(c.kind);
	if (!ok)
		return false;
	struct lab_table *t = lab_table(
		l, "inserts", _("What an insert costs (bytes: written, and cleared in new blocks)"));
	lab_column(t, "insert", "", -1);
	lab_column(t, "times", "", 0);
	lab_column(t, "steps", _("mean"), 1);
	lab_column(t, "bytes", _("mean"), 1);
	lab_column(t, "most_steps", "", 0);
	lab_column(t, "most_bytes", "", 0);
	lab_column(t, "mean_ns", "ns", 0);
	lab_column(t, "most_ns", "ns", 0);
	struct inserts all = { 0 };
	for (int k = 0; k <= INSERT_KINDS; k++) {
		const struct inserts *i = k < INSERT_KINDS ? &c.of[k] : &all;
		double times = i->n ? (double)i->n : 1;
		lab_row(t);
		lab_word(t, "%s", k < INSERT_KINDS ? _(insert_names[k]) : _("all"));
		lab_number(t, (double)i->n);
		lab_number(t, (double)i->steps / times);
		lab_number(t, (double)i->bytes / times);
		lab_number(t, (double)i->worst_steps);
		lab_number(t, (double)i->worst_bytes);
		lab_number(t, i->ns / times);
		lab_number(t, i->worst_ns);
		all.n += i->n;
		all.steps += i->steps;
		all.bytes += i->bytes;
		all.ns += i->ns;
		all.worst_steps = i->worst_steps > all.worst_steps ? i->worst_steps : all.worst_steps;
		all.worst_bytes = i->worst_bytes > all.worst_bytes ? i->worst_bytes : all.worst_bytes;
		all.worst_ns = i->worst_ns > all.worst_ns ? i->worst_ns : all.worst_ns;
	}
	put_growths(l, &c);
	const struct inserts *plain = &c.of[PLAIN], *start = &c.of[STARTING], *move = &c.of[EVACUATING];
	lab_conclude(l,
		_("Amortised over %.0f inserts each moves %.2f entries and writes or clears %.0f bytes; an "
		  "insert without growth writes %.0f."),
		(double)n, (double)c.moved / (double)n, (double)all.bytes / (double)n,
		(double)plain->bytes / (double)(plain->n ? plain->n : 1));
	if (start->n && start->worst_bytes == all.worst_bytes)
		lab_conclude(l,
			_("The worst insert starts a growth: it writes and clears %.0f bytes (%.0f times the "
			  "mean of an insert); the largest new "
			  "array has %.0f."),
			(double)start->worst_bytes,
			(double)start->worst_bytes / ((double)all.bytes / (double)n),
			(double)c.growth[c.growths - 1].array);
	if (c.moved)
		lab_conclude(l,
			_("The most old buckets (with their chains) that one insert moved: %.0f. The most "
			  "steps of an insert: %.0f; a plain one takes "
			  "%.1f."),
			(double)c.worst_chains, (double)all.worst_steps,
			(double)plain->steps / (double)(plain->n ? plain->n : 1));
	if (move->n)
		lab_conclude(l,
			_("By the clock (this machine, silent engine, now): plain %.0f ns, evacuating %.0f "
			  "ns, starting a growth %.0f ns on the "
			  "average and %.0f ns at worst."),
			plain->ns / (double)(plain->n ? plain->n : 1), move->ns / (double)move->n,
			start->ns / (double)(start->n ? start->n : 1), start->worst_ns);
	return true;
}

/* ---- prefill ---- */

struct filled {
	unsigned B, growths;
	uint64_t allocated, moved, kept;
	double ns;
};

static bool fill_with(struct lab *l, uint64_t seed, uint64_t n, int64_t hint, struct filled *ret)
{
	enum { TIMES = 3 };
	struct lab_meter m;
	struct lab_map x;
	lab_meter_init(&m);
	if (!lab_map_open(&x, "int64", "int64", l->release, seed, hint, &m))
		return lab_fail(l, "%s", no_heap());
	bool go_on = true;
	for (uint64_t i = 0; i < n && (go_on = lab_go_on(l, i)); i++)
		lab_put_int(&x, (int64_t)i);
	*ret = (struct filled){ .B = lab_B(&x),
		.growths = (unsigned)m.kind[EV_GROWTH],
		.allocated = m.allocated,
		.moved = m.kind[EV_MOVE],
		.kept = classic_array_length(&x.m.type, l->release, lab_B(&x)) * x.m.type.bucketsize };
	lab_map_close(&x);
	for (int i = 0; go_on && i < TIMES; i++) {
		double start = lab_seconds();
		if (!lab_map_open(&x, "int64", "int64", l->release, seed, hint, NULL))
			return lab_fail(l, "%s", no_heap());
		for (uint64_t k = 0; k < n && (go_on = lab_go_on(l, k)); k++)
			lab_put_int(&x, (int64_t)k);
		double ns = (lab_seconds() - start) * 1e9 / (double)n;
		ret->ns = i == 0 || ns < ret->ns ? ns : ret->ns;
		lab_map_close(&x);
	}
	return go_on && lab_tick(l, n);
}

bool lab_prefill(struct lab *l)
{
	uint64_t n = lab_option(l, LAB_ENTRIES, 100000), seed = random_next(&l->random);
	const struct {
		const char *name;
		int64_t hint;
	} hints[] = {
		{ N_("none"), -1 },
		{ N_("a tenth"), (int64_t)(n / 10) },
		{ N_("half"), (int64_t)(n / 2) },
		{ N_("right"), (int64_t)n },
		{ N_("4 times"), (int64_t)(n * 4) },
		{ N_("16 times"), (int64_t)(n * 16) },
	};
	enum { HINTS = sizeof hints / sizeof *hints, NONE = 0, RIGHT = 3 };
	struct filled f[HINTS];
	lab_work(l, n * HINTS, N_("inserts"));
	struct lab_table *t = lab_table(l, "hints", _("Filling map[int64]int64"));
	lab_column(t, "hint", "", -1);
	lab_column(t, "for", _("entries"), 0);
	lab_column(t, "growths", "", 0);
	lab_column(t, "theory", "", 0);
	lab_column(t, "moved", _("entries"), 0);
	lab_column(t, "allocated", _("bytes"), 0);
	lab_column(t, "array", _("bytes kept"), 0);
	lab_column(t, "per_entry", _("bytes"), 1);
	lab_column(t, "put_ns", "ns", 1);
	lab_plot(t, "hint", "allocated", NULL);
	double load = load_of(l->release);
	for (int i = 0; i < HINTS; i++) {
		if (!fill_with(l, seed, n, hints[i].hint, &f[i]))
			return false;
		unsigned from = 0, to = 0; /* the smallest B with room for the hint, and for all */
		while (hints[i].hint >= 0 && growth_theory(load, from) <= (double)hints[i].hint)
			from++;
		while (growth_theory(load, to) <= (double)n)
			to++;
		double theory = to > from ? to - from : 0;
		lab_row(t);
		lab_word(t, "%s", _(hints[i].name));
		lab_number(t, hints[i].hint < 0 ? NAN : (double)hints[i].hint);
		lab_number(t, f[i].growths);
		lab_number(t, theory);
		lab_number(t, (double)f[i].moved);
		lab_number(t, (double)f[i].allocated);
		lab_number(t, (double)f[i].kept);
		lab_number(t, (double)f[i].kept / (double)n);
		lab_number(t, f[i].ns);
		lab_check(l, _("growths, from the hint to the entries"), _(hints[i].name), f[i].growths,
			theory, 0);
	}
	lab_conclude(l,
		_("Without a hint the map grew %u times, moved %.0f entries (%.2f for each put) and "
		  "allocated %.0f bytes, %.2f times what the right "
		  "hint allocates (%.0f)."),
		f[NONE].growths, (double)f[NONE].moved, (double)f[NONE].moved / (double)n,
		(double)f[NONE].allocated, (double)f[NONE].allocated / (double)f[RIGHT].allocated,
		(double)f[RIGHT].allocated);
	lab_conclude(l,
		_("With the right hint a put took %.1f ns instead of %.1f (this machine, now; the fastest of "
		  "3 fillings, making the map "
		  "included)."),
		f[RIGHT].ns, f[NONE].ns);
	lab_conclude(l,
		_("A hint 16 times too large keeps %.0f bytes for each entry instead of %.0f, for good: maps "
		  "never shrink."),
		(double)f[HINTS - 1].kept / (double)n, (double)f[RIGHT].kept / (double)n);
	return true;
}
