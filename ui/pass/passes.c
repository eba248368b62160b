/* What is worked out in the background; see passes.h. */
#include "ui/pass/passes.h"

#include <stddef.h>

/* What is the same for all that is a struct pass and nothing else. */
#define FOLDED(name, pass) \
	static bool work_##name(struct passes *p, const struct scene *s) \
	{ \
		(void)s; \
		return pass_work(&p->pass) == PASS_MORE; \
	} \
	static bool busy_##name(const struct passes *p) \
	{ \
		return pass_busy(&p->pass); \
	}
FOLDED(timeline, timeline.words)
FOLDED(line, line)
FOLDED(cache, cache)
FOLDED(sharing, sharing)
FOLDED(false_positives, false_positives)
FOLDED(series, series[p->series_at])

/* ---- asking ---- */

static void ask_timeline(struct passes *p, const struct question *q)
{
	struct source *s = q->player->source;
	bool all = !q->timeline.hi;
	timeline_ask(&p->timeline, s, all ? 1 : q->timeline.lo, all ? s->ops : q->timeline.hi,
		q->timeline.columns);
}

static void ask_overview(struct passes *p, const struct question *q)
{
	if (q->overview)
		overview_ask(&p->overview, q->overview, q->scene);
}

static void ask_history(struct passes *p, const struct question *q)
{
	if (!q->history.size)
		return;
	history_ask_value(&p->history, q->player->source, q->history.addr, q->history.size, q->player->step);
	p->history_number = q->history.number;
}

static void ask_line(struct passes *p, const struct question *q)
{
	if (q->line.size)
		line_history_ask(
			&p->line, q->player->source, q->line.lo, q->line.size, (size_t)q->line.columns);
}

static void ask_cache(struct passes *p, const struct question *q)
{
	if (q->map)
		cache_ask(&p->cache, q->player->source, q->caches, q->player->step);
}

static void ask_series(struct passes *p, const struct question *q)
{
	struct source *s = q->player->source;
	int at = passes_series(p)->info ? (p->series_at + 1) % SERIES_KEPT : p->series_at;
	if (!q->map)
		return;
	for (int i = 0; i < SERIES_KEPT; i++)
		if (series_is(&p->series[i], s, q->map))
			at = i;
	p->series_at = at;
	series_ask(&p->series[at], s, q->map, q->series, q->caches);
}

static void ask_account(struct passes *p, const struct question *q)
{
	if (q->map)
		account_time_ask(&p->account, q->player->source, q->map, q->player->step, q->before);
}

static void ask_sharing(struct passes *p, const struct question *q)
{
	sharing_ask(&p->sharing, q->player->source, q->player->step);
}

static void ask_false_positives(struct passes *p, const struct question *q)
{
	if (q->map && q->controls)
		false_positives_ask(
			&p->false_positives, q->player->source, q->map, q->controls, q->player->step);
}

static void ask_spans(struct passes *p, const struct question *q)
{
	struct source *s = q->player->source;
	if (p->spans.source != s) {
		spanmap_release(&p->spans);
		spanmap_init(&p->spans, s);
		marks_release(&p->marks);
		marks_init(&p->marks, s);
	}
	p->marks_step = q->player->step;
	spanmap_at(&p->spans, q->player);
}

static void ask_words(struct passes *p, const struct question *q)
{
	words_ask(&p->words, q->player->source, &q->words);
}

/* ---- working: a slice ---- */

static bool work_history(struct passes *p, const struct scene *s)
{
	(void)s;
	return history_work(&p->history);
}
static bool work_account(struct passes *p, const struct scene *s)
{
	(void)s;
	return account_time_work(&p->account);
}
static bool work_spans(struct passes *p, const struct scene *s)
{
	(void)s;
	return marks_work(&p->marks, p->marks_step);
}

static bool work_words(struct passes *p, const struct scene *s)
{
	(void)s;
	words_work(&p->words);
	return words_busy(&p->words);
}

static bool work_overview(struct passes *p, const struct scene *s)
{
	overview_follow(&p->overview, s);
	return overview_busy(&p->overview);
}

static bool busy_overview(const struct passes *p)
{
	return overview_busy(&p->overview);
}
static bool busy_history(const struct passes *p)
{
	return history_busy(&p->history);
}
static bool busy_account(const struct passes *p)
{
	return account_time_busy(&p->account);
}
static bool busy_words(const struct passes *p)
{
	return words_busy(&p->words);
}
static bool busy_spans(const struct passes *p)
{
	return marks_busy(&p->marks, p->marks_step);
}

/* ---- releasing ---- */

static void release_timeline(struct passes *p)
{
	timeline_release(&p->timeline);
}
static void release_line(struct passes *p)
{
	pass_release(&p->line);
}
static void release_cache(struct passes *p)
{
	pass_release(&p->cache);
}
static void release_sharing(struct passes *p)
{
	pass_release(&p->sharing);
}
static void release_false_positives(struct passes *p)
{
	pass_release(&p->false_positives);
}
static void release_overview(struct passes *p)
{
	overview_release(&p->overview);
}
static void release_history(struct passes *p)
{
	history_release(&p->history);
}
static void release_account(struct passes *p)
{
	account_time_release(&p->account);
}

static void release_words(struct passes *p)
{
	words_release(&p->words);
}

static void release_series(struct passes *p)
{
	for (int i = 0; i < SERIES_KEPT; i++)
		pass_release(&p->series[i]);
}

static void release_spans(struct passes *p)
{
	spanmap_release(&p->spans);
	marks_release(&p->marks);
}

/* ---- all of them ---- */

static const struct {
	void (*ask)(struct passes *p, const struct question *q);
	bool (*work)(struct passes *p, const struct scene *s);
	bool (*busy)(const struct passes *p);
	void (*release)(struct passes *p);
} info[PASSES] = {
#define PASS(NAME, name) { ask_##name, work_##name, busy_##name, release_##name },
#include "ui/pass/passes.def"
#undef PASS
};

void passes_release(struct passes *p)
{
	for (int i = 0; i < PASSES; i++)
		info[i].release(p);
}

void passes_ask(struct passes *p, const struct question *q)
{
	for (int i = 0; i < PASSES; i++)
		if (q->passes >> i & 1)
			info[i].ask(p, q);
}

bool passes_work(struct passes *p, unsigned set, const struct scene *s)
{
	for (int i = 0; i < PASSES; i++)
		if (set >> i & 1 && info[i].busy(p)) {
			info[i].work(p, s);
			return passes_busy(p, set);
		}
	return false;
}

bool passes_busy(const struct passes *p, unsigned set)
{
	for (int i = 0; i < PASSES; i++)
		if (set >> i & 1 && info[i].busy(p))
			return true;
	return false;
}

void passes_stop(struct passes *p, unsigned set)
{
	if (set & NEEDS_HISTORY && history_busy(&p->history))
		p->history.stopped = true;
}
