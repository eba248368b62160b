/* Memory accounts, in slices; see account_time.h. */
#include "ui/pass/account.h"

#include <stdlib.h>
#include <string.h>

static void side_release(struct account_time_side *s)
{
	accounting_free(s->work);
	if (s->open)
		player_release(&s->player);
	*s = (struct account_time_side){ 0 };
}

void account_time_release(struct account_time *l)
{
	side_release(&l->now);
	side_release(&l->before);
	side_release(&l->over);
	free(l->cell);
	*l = (struct account_time){ 0 };
}

static unsigned kept_maps(const struct source *s)
{
	return s->maps < ACCOUNT_TIME_MAPS ? s->maps : ACCOUNT_TIME_MAPS;
}

/* Goes to the step and begins its account.  false: the recording is damaged, or there is no memory. */
static bool side_begin(struct account_time_side *s, struct source *source, uint32_t map, uint64_t step)
{
	accounting_free(s->work);
	s->work = NULL;
	if (!s->open)
		player_init(&s->player, source);
	s->open = true;
	s->known = false;
	s->step = step;
	s->map = map;
	if (player_seek(&s->player, step) != 0)
		return false;
	s->work = accounting_begin(s->player.image, source->map, source->maps, map);
	accounting_at(s->work, &s->player);
	return true;
}

/* A slice of a side.  true: its work is at its end now; accounting_of says whether it is good. */
static bool side_work(struct account_time_side *s)
{
	return s->work && !accounting_work(s->work, ACCOUNT_TIME_SLICE);
}

static void side_finish(struct account_time *l, struct account_time_side *s)
{
	const struct account *a = accounting_of(s->work, s->map);
	s->known = a != NULL;
	if (a)
		s->account = *a;
	else
		l->failed = true;
	accounting_free(s->work);
	s->work = NULL;
}

static void ask_side(struct account_time *l, struct account_time_side *s, uint32_t map, uint64_t step)
{
	enum { AT_ONCE = 4 };
	if (s->open && s->step == step && s->map == map && (s->known || s->work)) {
		if (s->known)
			return;
	} else if (!side_begin(s, l->source, map, step)) {
		l->failed = true;
		return;
	}
	for (int i = 0; i < AT_ONCE && s->work; i++)
		if (side_work(s))
			side_finish(l, s);
}

void account_time_ask(
	struct account_time *l, struct source *source, uint32_t map, uint64_t step, uint64_t before)
{
	/* a session that goes on has more steps, or other ones */
	if (l->source != source || l->steps != source->steps) {
		account_time_release(l);
		l->source = source;
		l->steps = source->steps;
		l->n = source->ops < ACCOUNT_TIME_CELLS ? (size_t)source->ops : ACCOUNT_TIME_CELLS;
		l->cell = l->n && source->maps ? calloc(l->n * kept_maps(source), sizeof *l->cell) : NULL;
		if (!l->cell)
			l->n = 0;
	}
	if (l->failed || !map)
		return;
	ask_side(l, &l->now, map, step);
	if (!l->failed)
		ask_side(l, &l->before, map, before);
}

/* ---- over operations ---- */

/* The cells in an order that halves the gaps: bits in reverse.  ACCOUNT_TIME_CELLS or more: not one of them.
 */
static size_t cell_in_order(size_t i)
{
	size_t cell = 0;
	for (size_t bit = 1; bit < ACCOUNT_TIME_CELLS; bit <<= 1, i >>= 1)
		cell = cell << 1 | (i & 1);
	return cell;
}

static bool begin_cell(struct account_time *l, size_t cell)
{
	struct source *s = l->source;
	struct operation next;
	uint64_t op = (uint64_t)((double)(cell + 1) * (double)s->ops / (double)l->n + 0.5), step = s->steps;
	if (op < s->ops) {
		if (s->operation(s, op + 1, &next) != 0 || next.first_step < 1)
			return false;
		step = next.first_step - 1;
	}
	return side_begin(&l->over, s, 0, step);
}

static void keep_cell(struct account_time *l, size_t cell)
{
	for (unsigned m = 1; m <= kept_maps(l->source); m++) {
		const struct account *a = accounting_of(l->over.work, m);
		if (!a) {
			l->failed = true;
			break;
		}
		l->cell[(m - 1) * l->n + cell] = (struct account_time_cell){ true,
			{ [ACCOUNT_TIME_GIVEN] = (double)a->given,
				[ACCOUNT_TIME_LIVE] = (double)account_live(a),
				[ACCOUNT_TIME_DEAD] = (double)account_dead(a),
				[ACCOUNT_TIME_ENTRY] = account_per_entry(a) } };
	}
	accounting_free(l->over.work);
	l->over.work = NULL;
}

/* A slice of the cell that is next in order. */
static void over_work(struct account_time *l)
{
	while (l->done < ACCOUNT_TIME_CELLS && cell_in_order(l->done) >= l->n)
		l->done++;
	if (l->done >= ACCOUNT_TIME_CELLS)
		return;
	size_t cell = cell_in_order(l->done);
	if (!l->over.work && !begin_cell(l, cell)) {
		l->failed = true;
	} else if (side_work(&l->over)) {
		keep_cell(l, cell);
		l->done++;
	}
}

static bool over_busy(const struct account_time *l)
{
	size_t i = l->done;
	while (i < ACCOUNT_TIME_CELLS && cell_in_order(i) >= l->n)
		i++;
	return i < ACCOUNT_TIME_CELLS;
}

bool account_time_busy(const struct account_time *l)
{
	return l->source && !l->failed && (l->now.work || l->before.work || over_busy(l));
}

bool account_time_work(struct account_time *l)
{
	struct account_time_side *s = l->now.work ? &l->now : l->before.work ? &l->before : NULL;
	if (!account_time_busy(l))
		return false;
	if (!s)
		over_work(l);
	else if (side_work(s))
		side_finish(l, s);
	return account_time_busy(l);
}

unsigned account_time_percent(const struct account_time *l)
{
	return over_busy(l) ? (unsigned)(l->done * 100 / ACCOUNT_TIME_CELLS) : 100;
}

const struct account_time_cell *account_time_cells(const struct account_time *l, uint32_t map)
{
	return l->n && map && map <= kept_maps(l->source) ? l->cell + (map - 1u) * l->n : NULL;
}
