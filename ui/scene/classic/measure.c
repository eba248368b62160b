/* What the map measures; see measure.h. */
#include "ui/scene/classic/measure.h"

#include "trace/base/theory.h"

#include <string.h>

/* Chains of one array that searches go to: those of the old array that have not moved, those of the new one
 * whose old chain has. */
struct group {
	uint64_t chains, entries, probes, missed;
	double weight;
};

/* The tophash that the entry of a moved slot has in its new one, 0: it is not there yet. */
static uint8_t moved_tophash(const struct scene *s, const struct bucket_view *b, uint64_t slot)
{
	struct map_group old;
	struct bucket_view to;
	uint64_t index;
	unsigned depth;
	int at;
	bool more = classic_first(s, ARRAY_OLD, b->index, &old);
	for (unsigned d = 0; more && d < b->depth; d++)
		more = classic_next(s, &old);
	if (!more || !moved_to(s, &old, (int)(slot % SLOTS), &index, &depth, &at) ||
		!bucket_first(s->mem, &classic_of(s)->type, &classic_of(s)->hmap, ARRAY_NEW, index, &to))
		return 0;
	while (depth-- > 0 && bucket_next(s->mem, &classic_of(s)->type, &classic_of(s)->hmap, &to)) {
	}
	return to.tophash[at];
}

/* moves: a chain of the old array whose entries are on their way. */
static void walk(struct measure *m, struct group *g, const struct scene *s, struct bucket_view *b, bool moves)
{
	enum { CHAIN_MOST = 1024 };
	uint64_t slot = 0, entries = 0, empty = 0, length = 0, rest = 0;
	do {
		length++;
		for (unsigned i = 0; i < SLOTS; i++) {
			slot++;
			if (!rest && b->tophash[i] == EMPTY_REST)
				rest = slot;
			uint8_t top = b->tophash[i];
			if (!(moves ? moving_entry(top) : tophash_full(top))) {
				empty++;
				continue;
			}
			top = tophash_full(top) ? top : moved_tophash(s, b, slot - 1);
			m->tops[top] += top != 0;
			m->holes += empty;
			empty = 0;
			entries++;
			g->probes += slot;
		}
	} while (length < CHAIN_MOST && bucket_next(s->mem, &classic_of(s)->type, &classic_of(s)->hmap, b));
	g->chains++;
	g->entries += entries;
	g->missed += m->stops_at_rest && rest ? rest : slot;
	m->by_entries[entries < MEASURE_ENTRIES ? entries : MEASURE_ENTRIES - 1]++;
	m->by_length[length <= MEASURE_LENGTHS ? length - 1 : MEASURE_LENGTHS - 1]++;
}

static bool has_moved(const struct bucket_view *b)
{
	return b->tophash[0] > EMPTY_ONE && b->tophash[0] < MIN_TOPHASH;
}

static void walk_all(struct measure *m, const struct scene *s, struct group g[2])
{
	const struct classic_scene *c = classic_of(s);
	uint64_t n = array_buckets(&c->hmap, ARRAY_NEW), old = array_buckets(&c->hmap, ARRAY_OLD);
	struct bucket_view b;
	while (n / m->stride > MEASURE_MOST)
		m->stride *= 2;
	for (uint64_t i = 0; i < n; i += m->stride) {
		bool moves = old && bucket_moves(s, i & (old - 1));
		bool waits = old && bucket_first(s->mem, &c->type, &c->hmap, ARRAY_OLD, i & (old - 1), &b) &&
			(moves || !has_moved(&b));
		if (waits && i < old)
			walk(m, &g[ARRAY_OLD], s, &b, moves);
		else if (!waits && bucket_first(s->mem, &c->type, &c->hmap, ARRAY_NEW, i, &b))
			walk(m, &g[ARRAY_NEW], s, &b, false);
	}
	g[ARRAY_NEW].weight = (double)g[ARRAY_NEW].chains;
	g[ARRAY_OLD].weight = (double)g[ARRAY_OLD].chains *
		(old && old < n ? 2 : 1); /* two new buckets' keys are there */
}

/* What a group of so many chains and that load would hold by Poisson's law. */
static void add_theory(struct measure *m, const struct group *g, double load)
{
	double n = (double)g->chains;
	for (unsigned k = 0; k + 1 < MEASURE_ENTRIES; k++)
		m->entries_theory[k] += n * theory_poisson(load, k);
	m->entries_theory[MEASURE_ENTRIES - 1] += n * theory_poisson_over(load, MEASURE_ENTRIES - 2);
	double longer = 1;
	for (unsigned k = 1; k < MEASURE_LENGTHS; k++) {
		double over = theory_poisson_over(load, SLOTS * k);
		m->length_theory[k - 1] += n * (longer - over);
		longer = over;
	}
	m->length_theory[MEASURE_LENGTHS - 1] += n * longer;
}

bool measure_asks_tophash(const struct map_type *t)
{
	return t->variant != VARIANT_FAST32 && t->variant != VARIANT_FAST64;
}

void measure_make(struct measure *m, const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	struct group g[2] = { { 0 }, { 0 } };
	double weight = 0, chains = 0, hits = 0;
	memset(m, 0, sizeof *m);
	m->stride = 1;
	m->stops_at_rest = c->type.variant == VARIANT_GENERAL ||
		(c->type.variant == VARIANT_FASTSTR && c->hmap.B == 0);
	walk_all(m, s, g);
	for (int i = 0; i < 2; i++) {
		double n = (double)g[i].chains, e = (double)g[i].entries;
		if (!g[i].chains)
			continue;
		double load = e / n;
		if (i == ARRAY_NEW && !g[ARRAY_OLD].chains &&
			m->stride > 1) /* all of them are known, not only the sample's */
			load = (double)c->hmap.count / (double)array_buckets(&c->hmap, ARRAY_NEW);
		add_theory(m, &g[i], load);
		m->chains += g[i].chains;
		m->entries += g[i].entries;
		m->hit += (double)g[i].probes;
		m->hit_theory += n * load * (1 + load / 2);
		hits += n * load;
		m->miss += (double)g[i].missed / n * g[i].weight;
		m->miss_theory += theory_miss(load, SLOTS, m->stops_at_rest) * g[i].weight;
		m->load += load * n;
		weight += g[i].weight;
		chains += n;
	}
	if (chains > 0) {
		m->load /= chains;
		m->miss /= weight;
		m->miss_theory /= weight;
	}
	if (!c->hmap.count) /* every function returns at once */
		m->miss = m->miss_theory = 0;
	m->hit = m->entries ? m->hit / (double)m->entries : 0;
	m->hit_theory = hits > 0 ? m->hit_theory / hits : 0;
	m->chi_square = theory_chi_square(m->by_entries, m->entries_theory, MEASURE_ENTRIES,
		(g[0].chains > 0) + (g[1].chains > 0), &m->degrees);
	for (unsigned top = 0; top < 256; top++)
		m->tops_theory[top] = (double)m->entries * theory_control(top, MIN_TOPHASH);
}
