/* lab load-factor: the table that Go's authors chose their load from, measured again. */
#include "src/lab/classic/map.h"

#include <math.h>
#include <stdio.h>

/* What is wanted: a standard error of 0.3 % of the overflow buckets, so their number is counted, not that of
 * maps. */
enum { OVERFLOW_WANTED = 100000, MOST_MAPS = 100000 };

/* What Go's authors published in runtime/map.go: overflow %, bytes an entry, probes of a hit and of a miss.
 */
static const double published[][5] = {
	{ 4.0, 2.13, 20.77, 3.00, 4.00 },
	{ 4.5, 4.05, 17.30, 3.25, 4.50 },
	{ 5.0, 6.85, 14.77, 3.50, 5.00 },
	{ 5.5, 10.55, 12.94, 3.75, 5.50 },
	{ 6.0, 15.27, 11.67, 4.00, 6.00 },
	{ 6.5, 20.90, 10.79, 4.25, 6.50 },
	{ 7.0, 27.14, 10.15, 4.50, 7.00 },
	{ 7.5, 34.03, 9.73, 4.75, 7.50 },
	{ 8.0, 41.10, 9.40, 5.00, 8.00 },
};

struct load_row {
	double load;
	struct lab_shape shape;
	uint64_t maps, misses, miss_probes;
};

/* Keys of 64 random bits are new to the map. */
static void search_absent(struct lab *l, struct lab_map *x, struct load_row *row, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		int64_t key = (int64_t)random_next(&l->random);
		struct go_value k = lab_int_key(&key);
		row->miss_probes += lab_entries_at(x, &k);
	}
	row->misses += n;
}

/* Maps of 2^B buckets with exactly load entries a bucket: one more, and they would grow. */
static bool fill_maps(struct lab *l, struct load_row *row, const struct release *r, unsigned B)
{
	struct lab_map x;
	uint64_t n = r->load_numerator * ((UINT64_C(1) << B) / 2);
	if (!lab_map_open(&x, "int64", "int64", r, random_next(&l->random), (int64_t)n, NULL))
		return lab_fail(l, _("no address space for the heap could be reserved"));
	bool go_on = true;
	uint64_t before = 0;
	while (go_on && row->shape.overflow < OVERFLOW_WANTED && row->maps < MOST_MAPS) {
		if (row->maps)
			lab_map_again(&x, random_next(&l->random), (int64_t)n);
		for (uint64_t i = 0; i < n && (go_on = lab_go_on(l, i)); i++)
			lab_put_int(&x, (int64_t)random_next(&l->random));
		if (!go_on)
			break;
		lab_shape_add(&row->shape, &x);
		search_absent(l, &x, row, n / 4);
		row->maps++;
		go_on = lab_tick(l, row->shape.overflow - before);
		before = row->shape.overflow;
	}
	lab_map_close(&x);
	return go_on;
}

static void put_row(struct lab *l, struct lab_table *t, const struct load_row *row)
{
	const struct lab_shape *s = &row->shape;
	enum { PAIR = 16, BUCKET = 8 + 8 * PAIR + 8 };
	double buckets = (double)s->buckets, entries = (double)s->entries, load = row->load,
	       over = theory_overflow(load, SLOTS);
	double measured[] = { (double)s->overflow / buckets * 100,
		((buckets + (double)s->overflow) * BUCKET) / entries - PAIR, (double)s->hit_probes / entries,
		(double)row->miss_probes / (double)row->misses };
	double theory[] = { over * 100, (1 + over) / load * BUCKET - PAIR, 1 + load / 2, load };
	const char *names[] = { _("overflow buckets"), _("bytes an entry"), _("probes of a hit"),
		_("probes of a miss") };
	char where[32];
	snprintf(where, sizeof where, _("load %.1f"), load);
	lab_row(t);
	lab_number(t, load);
	for (int i = 0; i < 4; i++)
		lab_number(t, measured[i]);
	for (int i = 0; i < 4; i++)
		lab_number(t, theory[i]);
	lab_number(t, (double)row->maps);
	for (int i = 0; i < 4; i++)
		lab_check(l, names[i], where, measured[i], theory[i], 2);
	const double *p = published[0];
	while (p[0] != load)
		p += 5;
	for (int i = 0; i < 4; i++)
		lab_check(l, _("as Go's authors published it"), where, measured[i], p[i + 1], 2);
}

bool lab_load_factor(struct lab *l)
{
	enum {
		LEAST_B = 8
	}; /* in fewer buckets entries are spread by the binomial law, which has fewer overflows than
	      Poisson's */
	unsigned B = (unsigned)lab_option(l, LAB_BITS, 12);
	if (B < LEAST_B)
		return lab_fail(l, _("fewer than 2^%d buckets are too few to compare with theory"), LEAST_B);
	struct lab_table *t = lab_table(l, "loads", _("Maximally loaded maps of 8-byte keys and elems"));
	lab_column(t, "load", "", 2);
	lab_column(t, "overflow", "%", 2);
	lab_column(t, "bytes", _("/entry"), 2);
	lab_column(t, "hit", _("probes"), 3);
	lab_column(t, "miss", _("probes"), 3);
	lab_column(t, "overflow_theory", "%", 2);
	lab_column(t, "bytes_theory", _("/entry"), 2);
	lab_column(t, "hit_theory", _("probes"), 3);
	lab_column(t, "miss_theory", _("probes"), 3);
	lab_column(t, "maps", "", 0);
	lab_plot(t, "load", "overflow", "overflow_theory");
	struct lab_table *authors = lab_table(l, "authors", _("What Go's authors published for it"));
	static const char *const names[] = { "load", "overflow", "bytes", "hit", "miss" };
	for (int i = 0; i < 5; i++)
		lab_column(authors, names[i], t->column[i].unit, 2);
	for (size_t row = 0; row < sizeof published / sizeof *published; row++) {
		lab_row(authors);
		for (int i = 0; i < 5; i++)
			lab_number(authors, published[row][i]);
	}
	enum { FROM = 8, TO = 16 }; /* numerators over 2 */
	lab_work(l, OVERFLOW_WANTED * (TO - FROM + 1), N_("overflow buckets"));
	for (unsigned numerator = FROM; numerator <= TO; numerator++) {
		struct release r = *l->release;
		r.load_numerator = (uint8_t)numerator;
		struct load_row row = { .load = numerator / 2.0 };
		if (!fill_maps(l, &row, &r, B))
			return false;
		put_row(l, t, &row);
	}
	size_t six_half = 13 - FROM, six = 12 - FROM, eight = TO - FROM;
	lab_conclude(l,
		_("At Go's load of 6.5 a map has %.1f overflow buckets for each 100 buckets, %.2f bytes an "
		  "entry beyond key and elem, "
		  "and looks at %.2f entries to find a key, at %.2f to find none."),
		lab_value(t, six_half, "overflow"), lab_value(t, six_half, "bytes"),
		lab_value(t, six_half, "hit"), lab_value(t, six_half, "miss"));
	lab_conclude(l,
		_("A load of 8 would save %.2f bytes an entry (%.1f %% of the overhead), but a hit would "
		  "look at %.2f entries more, and there "
		  "would be %.1f overflow buckets for each 100."),
		lab_value(t, six_half, "bytes") - lab_value(t, eight, "bytes"),
		(1 - lab_value(t, eight, "bytes") / lab_value(t, six_half, "bytes")) * 100,
		lab_value(t, eight, "hit") - lab_value(t, six_half, "hit"), lab_value(t, eight, "overflow"));
	lab_conclude(l, _("Go 1.21, whose load is 6 by an integer division, pays %.2f bytes an entry more."),
		lab_value(t, six, "bytes") - lab_value(t, six_half, "bytes"));
	lab_conclude(l,
		_("Theory: a good hash gives each bucket a number of entries by Poisson's law; a hit looks "
		  "at 1 + load/2 entries, a miss at "
		  "load, a chain has a bucket more for each 8 entries beyond 8. Probes are entries looked "
		  "at; empty slots, which "
		  "mapaccess of 8-byte keys looks at too, are not counted (lab search counts them)."));
	return true;
}
