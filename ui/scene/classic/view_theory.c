/* The view of what the map measures, beside theory: entries a bucket, chains, searches, tophash. */
#include "ui/view/view.h"
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/measure.h"
#include "ui/panel/plot.h"
#include "ui/grid/text.h"

#include "trace/base/theory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_ROWS = 7, LABEL_X = 11 };

static void draw_entries(const struct frame *f, struct rect r, const struct measure *m)
{
	static const char *const digits[MEASURE_ENTRIES] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
		"10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24",
		"25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39+" };
	size_t n = SLOTS + 1;
	for (size_t k = n; k < MEASURE_ENTRIES; k++)
		if (m->by_entries[k] > 0 || m->entries_theory[k] >= 0.5)
			n = k + 1;
	struct plot p = { .title = _("buckets by entries; ━ Poisson"),
		.label = digits,
		.value = m->by_entries,
		.theory = m->entries_theory,
		.n = n,
		.bar = S_TEXT,
		.mark = S_GROW };
	plot_draw(f->grid, r, &p);
}

static void draw_tops(const struct frame *f, struct rect r, const struct measure *m)
{
	static const char *const digits[] = { "00", "20", "40", "60", "80", "a0", "c0", "e0" };
	const char *label[256];
	char title[96];
	double sum[256], theory[256];
	/* Bars that share a column are summed: the largest of a few small numbers would say nothing. */
	size_t columns = r.w > 16 ? (size_t)r.w - 9 : 8, each = 1;
	while (256 / each > columns)
		each *= 2;
	for (size_t i = 0; i < 256 / each; i++) {
		sum[i] = theory[i] = 0;
		label[i] = i * each % 32 ? "" : digits[i * each / 32];
		for (size_t k = 0; k < each; k++) {
			sum[i] += m->tops[i * each + k];
			theory[i] += m->tops_theory[i * each + k];
		}
	}
	/* With less than five a bar what is seen is chance, as for the chi-square test. */
	bool few = m->entries < 5 * 256 / each;
	snprintf(title, sizeof title,
		few ? P_("by tophash: %" PRIu64 " entry, too few to tell",
			      "by tophash: %" PRIu64 " entries, too few to tell", m->entries)
		    : _("entries by tophash; ━ theory"),
		m->entries);
	struct plot p = { .title = title,
		.label = label,
		.value = sum,
		.theory = theory,
		.n = 256 / each,
		.bar = S_TOP,
		.mark = S_GROW };
	plot_draw(f->grid, r, &p);
}

static int put_line(const struct frame *f, struct rect r, int y, const char *label, const char *words)
{
	if (y >= r.h)
		return y;
	grid_put(f->grid, r, 1, y, S_LABEL, label);
	struct rect inner = { r.x + LABEL_X - 1, r.y, r.w - LABEL_X + 1, r.h };
	return panel_words(f, inner, y, r.h - y < 2 ? r.h - y : 2, S_TEXT, words);
}

static void chains_words(const struct measure *m, char *out, size_t cap)
{
	unsigned last = 3;
	for (unsigned k = 1; k <= MEASURE_LENGTHS; k++)
		if (m->by_length[k - 1] > 0 || m->length_theory[k - 1] >= 0.5)
			last = k > last ? k : last;
	out[0] = 0;
	for (unsigned k = 1; k <= last; k++) {
		size_t used = strlen(out);
		snprintf(out + used, cap - used, _("%s%u%s: %.0f (%.1f)"), k > 1 ? ", " : "", k,
			k == MEASURE_LENGTHS ? "+" : "", m->by_length[k - 1], m->length_theory[k - 1]);
	}
}

static void false_positive_words(const struct frame *f, char *out, size_t cap)
{
	const struct scene *s = f->scene;
	const struct false_positives *d = false_positives_now(&f->pass->false_positives);
	if (!measure_asks_tophash(&classic_of(s)->type)) {
		snprintf(out, cap, "%s",
			_("keys of 4 and 8 bytes are compared at once: tophash is not asked"));
		return;
	}
	int n = snprintf(out, cap, _("equal by chance: %" PRIu64 " of %" PRIu64 " compared so far"), d->equal,
		d->compared);
	if (n > 0 && (size_t)n < cap && d->compared)
		snprintf(out + n, cap - (size_t)n, _(", %.3f %% (%.3f %%)"),
			(double)d->equal / (double)d->compared * 100,
			theory_false_positives(MIN_TOPHASH) * 100);
}

static void draw_words(const struct frame *f, struct rect r, const struct measure *m)
{
	char words[512];
	int y = 1;
	panel_rule(f, r, 0, false, _("slots that a search looks at, mean; theory at this load in brackets"),
		NULL);
	if (!m->entries)
		snprintf(words, sizeof words, "%s", _("none: there are no entries"));
	else if (m->holes)
		snprintf(words, sizeof words,
			m->holes == 1 ? _("%.3f (%.3f: 1 + load/2, without the hole that a delete left)")
				      : _("%.3f (%.3f: 1 + load/2, without the %" PRIu64
					  " holes that deletes left)"),
			m->hit, m->hit_theory, m->holes);
	else
		snprintf(words, sizeof words, _("%.3f (%.3f: 1 + load/2)"), m->hit, m->hit_theory);
	y = put_line(f, r, y, _("hit"), words);
	if (!classic_of(f->scene)->hmap.count)
		snprintf(words, sizeof words, "%s", _("0: an empty map is not searched"));
	else
		snprintf(words, sizeof words,
			m->stops_at_rest ? _("%.3f (%.3f: the entries of the chain and the first emptyRest)")
					 : _("%.3f (%.3f: every slot of the chain, empty ones too)"),
			m->miss, m->miss_theory);
	y = put_line(f, r, y, _("miss"), words);
	chains_words(m, words, sizeof words);
	y = put_line(f, r, y, _("chains of"), words);
	if (m->degrees >= 1)
		snprintf(words, sizeof words,
			_("chi-square %.1f, %.0f degrees of freedom: as much by chance in %.1f %%"),
			m->chi_square, m->degrees, theory_chi_square_tail(m->chi_square, m->degrees) * 100);
	else
		snprintf(words, sizeof words, "%s", _("too few buckets for a test"));
	y = put_line(f, r, y, _("Poisson"), words);
	false_positive_words(f, words, sizeof words);
	put_line(f, r, y, _("tophash"), words);
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	const struct pass *counting = &f->pass->false_positives;
	struct measure m;
	char right[96];
	(void)own;
	if (!s->live || !c->type_ok || !c->hmap.buckets) {
		panel_rule(f, body, 0, false, _("measured against theory"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("the map has no buckets yet"));
		return;
	}
	measure_make(&m, s);
	if (m.stride > 1)
		snprintf(right, sizeof right, _("load %.2f; one bucket in %" PRIu64 " looked at"), m.load,
			m.stride);
	else
		snprintf(right, sizeof right,
			P_("load %.2f, %" PRIu64 " chain", "load %.2f, %" PRIu64 " chains", m.chains), m.load,
			m.chains);
	panel_rule(f, body, 0, false,
		newbit(s) ? _("measured against theory, both arrays") : _("measured against theory"), right);
	int words = WORDS_ROWS, plots = body.h - 1 - words, left = body.w * 2 / 5;
	if (plots >= 4) {
		draw_entries(f, (struct rect){ body.x + 1, body.y + 1, left - 2, plots }, &m);
		draw_tops(f, (struct rect){ body.x + left, body.y + 1, body.w - left - 1, plots }, &m);
	} else {
		plots = 0;
	}
	draw_words(f, (struct rect){ body.x, body.y + 1 + plots, body.w, body.h - 1 - plots }, &m);
	if (pass_busy(counting) && measure_asks_tophash(&c->type)) {
		snprintf(right, sizeof right, _(" computing: %u %% "), pass_percent(counting));
		grid_put_right(f->grid, body, body.w - 2, body.h - 1, S_TITLE, right);
	}
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)f;
	(void)body;
	(void)own;
	q->controls = &classic_controls;
}

const struct view view_theory = { .passes = NEEDS_FALSE_POSITIVES, .draw = draw, .ask = ask };
