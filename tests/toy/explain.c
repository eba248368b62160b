/* The words, pictures and pseudo-code of a toy map; see toy.h and ui/scene/explain.h. */
#include "tests/toy/toy.h"
#include "ui/panel/panel.h"
#include "ui/pass/series.h"
#include "ui/scene/explain.h"
#include "ui/scene/prediction.h"
#include "ui/scene/sentence.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- sentences, and phrases for lists ---- */

#define SENTENCE(name) static EXPLAIN_EVENT(sentence_##name)
#define PHRASE(name) static EXPLAIN_EVENT(phrase_##name)

SENTENCE(toyhead)
{
	builder_add(w, "The low bits of the hash choose chain %" PRIu64 " of %" PRIu64 ". %s", e->b, e->c,
		e->a ? "Its head points to the entry that came last."
		     : "Its head is nil: the chain is empty.");
}

PHRASE(toyhead)
{
	builder_add(w, "chain %" PRIu64 "%s", e->b, e->a ? "" : ", empty");
}

SENTENCE(toynode)
{
	builder_add(w, "Entry %" PRIu64 " of the chain: its key is %s.", e->a,
		e->b ? "the one wanted" : "another one");
}

PHRASE(toynode)
{
	builder_add(w, "entry %" PRIu64 "%s", e->a, e->b ? ", equal" : "");
}

SENTENCE(toynext)
{
	builder_add(w, "%s",
		e->a ? "The next pointer leads to an older entry."
		     : "The next pointer is nil: the chain ends here.");
}

PHRASE(toynext)
{
	builder_add(w, "%s", e->a ? "next entry" : "end of the chain");
}

SENTENCE(toygrow)
{
	builder_add(w,
		"There are as many entries as chains: %" PRIu64 " heads take the place of %" PRIu64
		", and all entries move at once.",
		e->b, e->a);
}

PHRASE(toygrow)
{
	builder_add(w, "grow, %" PRIu64 " to %" PRIu64 " chains", e->a, e->b);
}

SENTENCE(toymove)
{
	builder_add(w, "The entry moves from chain %" PRIu64 " to chain %" PRIu64 "; it keeps its address.",
		e->a, e->b);
}

PHRASE(toymove)
{
	builder_add(w, "chain %" PRIu64 " to %" PRIu64, e->a, e->b);
}

SENTENCE(insert)
{
	builder_add(w, "The new entry is the first of its chain now.");
}

PHRASE(insert)
{
	builder_add(w, "insert, first of its chain");
}

SENTENCE(found)
{
	builder_add(w, "The key is in the map.");
}

PHRASE(found)
{
	builder_add(w, "found");
}

SENTENCE(remove)
{
	builder_add(w, "The entry is taken out of its chain; the collector frees it.");
}

PHRASE(remove)
{
	builder_add(w, "unlink the entry");
}

SENTENCE(hash)
{
	builder_add(w, "The key's hash is %016" PRIx64 ".", e->a);
}

PHRASE(hash)
{
	builder_add(w, "hash %016" PRIx64, e->a);
}

static const struct event_text text[EV_COUNT] = {
#define EVENT(name, NAME, ...) [EV_##NAME] = { sentence_##name, phrase_##name },
#include "more/events.def"
#undef EVENT
	[EV_INSERT] = { sentence_insert, phrase_insert },
	[EV_FOUND] = { sentence_found, phrase_found },
	[EV_REMOVE] = { sentence_remove, phrase_remove },
	[EV_HASH] = { sentence_hash, phrase_hash },
};

/* ---- what lies where, and which node the eyes are on ---- */

enum { LOOK_BACK = 64 }; /* events */

static void phrase_place(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	char label[GROUP_LABEL];
	if (p->kind == PLACE_OBJECT) {
		snprintf(out, cap, "%s.%s", p->object, p->field ? p->field->name : "?");
		return;
	}
	group_label(s, &p->group, false, label, sizeof label);
	snprintf(out, cap, "%s %s", label, p->part ? s->view.kind->part_name[p->part] : "padding");
}

/* The group that the newest event of the operation is about, or the one that people hold. */
static void finish(struct scene *s, const struct hold *hold)
{
	const struct log *l = s->log;
	struct place p = { .kind = PLACE_NONE };
	s->held = hold && hold->held;
	if (s->held)
		group_at(s, hold->array, hold->index, hold->depth, &s->focus);
	for (size_t n = 0; !s->held && p.kind != PLACE_GROUP && n < LOOK_BACK && n < l->count; n++)
		p = scene_place(s, l->event[l->count - 1 - n].addr);
	if (p.kind == PLACE_GROUP) {
		s->focus.view = p.group;
		group_fill(s, &s->focus);
	}
	s->slot = s->focus.ok && s->focus.view.slots ? 0 : -1;
}

/* ---- the picture: a chain a row ---- */

static void draw_header(const struct frame *f, struct rect r)
{
	const struct map_view *v = &f->scene->view;
	if (!f->scene->live) {
		grid_put(f->grid, r, 1, 0, S_LABEL, "toymap: not made yet");
		return;
	}
	grid_printf(f->grid, r, 1, 0, S_LABEL,
		"toymap  count %" PRIu64 "  len %" PRIu64 "  hash0 %016" PRIx64 "%s", toy_state(v)->count,
		toy_state(v)->len, toy_state(v)->hash0, toy_state(v)->old ? "  moving" : "");
}

/* Is the scene's event about it? */
static bool touched(const struct scene *s, const struct map_group *g)
{
	return s->event.kind < EV_COUNT && s->event.addr >= g->addr && s->event.addr - g->addr < g->size;
}

static int draw_group(const struct frame *f, const struct map_view *v, const struct map_group *g,
	struct rect r, int x, int y)
{
	style st = touched(f->scene, g) ? S_TITLE : S_TEXT;
	char key[64], elem[64];
	struct map_slot s;
	if (!g->slots)
		return grid_printf(
			f->grid, r, 1, y, st, "%s %3" PRIu64 ":", g->array ? "old" : "new", g->index);
	v->kind->slot(v, g, 0, &s);
	map_value_print(v->r, &s.key, VALUE_HUMAN, key, sizeof key);
	map_value_print(v->r, &s.elem, VALUE_HUMAN, elem, sizeof elem);
	return grid_printf(f->grid, r, x, y, st, " [%s %s]", key, elem);
}

/* The chains' lengths, in the order of their heads. */
static void draw_lengths(const struct frame *f, struct rect r)
{
	const struct map_view *v = &f->scene->view;
	struct map_group g;
	int x = 0;
	panel_rule(f, r, 0, false, "lengths of the chains", NULL);
	for (bool more = f->scene->live && map_first(v, &g); more;) {
		struct map_group head = g;
		unsigned length = 0;
		while ((more = map_next(v, &g)) && g.slots)
			length++;
		x = grid_printf(f->grid, r, x, 1, touched(f->scene, &head) ? S_TITLE : S_TEXT,
			head.array ? " (%u)" : " %u", length);
	}
}

static void draw_chains(const struct frame *f, struct rect r)
{
	const struct map_view *v = &f->scene->view;
	struct map_group g;
	int y = 0, x = 0;
	panel_rule(f, r, 0, false, "chains", NULL);
	for (bool more = f->scene->live && map_first(v, &g); more && y < r.h; more = map_next(v, &g)) {
		y += !g.slots;
		if (y < r.h)
			x = draw_group(f, v, &g, r, x, y);
	}
}

static panel_draw *const panels[PANELS] = { [PANEL_HEADER] = draw_header,
	[PANEL_STRIPS] = draw_lengths,
	[PANEL_ARRAYS] = draw_lengths,
	[PANEL_SLOTS] = draw_chains,
	[PANEL_TABLES] = draw_chains };

/* ---- pseudo-code ---- */

enum { CODE_FIND, CODE_INSERT, CODE_LISTINGS };
static const char *const code_name[] = { "find", "insert" };
static const struct listing code_all[CODE_LISTINGS] = {
	{ "find(key)",
		{
			{ "h = hash(key, hash0)", { AT(HASH) } },
			{ "node = heads[h & (len - 1)]", { AT(TOYHEAD) } },
			{ "while node != nil:", { AT(ABSENT) } },
			{ "    if node.key == key: return node", { AT(TOYNODE), AT(FOUND) } },
			{ "    node = node.next", { AT(TOYNEXT) } },
		} },
	{ "insert(key)",
		{
			{ "if count == len:", { { 0 } } },
			{ "    old, heads, len = heads, new(2 * len), 2 * len", { AT(TOYGROW) } },
			{ "    for each node of old: move it", { AT(TOYMOVE) } },
			{ "node = new(key); node.next = head; head = node", { AT(ALLOC), AT(WRITE) } },
			{ "count++; return node.elem", { AT(INSERT) } },
		} },
};

static unsigned code_of_operation(enum op_kind kind)
{
	(void)kind;
	return CODE_FIND;
}

static unsigned code_runs(const struct scene *s)
{
	return s->phase == PHASE_INSERT || s->phase == PHASE_GROW ? CODE_INSERT : CODE_FIND;
}

static const struct listing *code_listing(const struct scene *s, unsigned fn)
{
	(void)s;
	return &code_all[fn];
}

static const char *code_variant(const struct scene *s, unsigned fn)
{
	(void)s, (void)fn;
	return "";
}

static const char *code_other_text(const struct scene *s, unsigned fn, int line)
{
	(void)s, (void)fn, (void)line;
	return NULL;
}

static int code_calling(const struct scene *s, unsigned fn)
{
	(void)s, (void)fn;
	return 0;
}

static const struct explain_code code = { .functions = CODE_LISTINGS,
	.name = code_name,
	.all = code_all,
	.listings = CODE_LISTINGS,
	.of_operation = code_of_operation,
	.running = code_runs,
	.listing = code_listing,
	.variant = code_variant,
	.other_text = code_other_text,
	.calling = code_calling };

/* ---- a plot: entries looked at ---- */

static const struct series_info looked = { "entries of a chain looked at by an operation", S_KEY, false,
	false, 0 };
static const unsigned char order[] = { SERIES_OWN, SERIES_LINES, SERIES_L1, SERIES_L2 };

static void begin_operation(void *state)
{
	*(uint64_t *)state = 0;
}

static void count_entry(void *state, const struct event *e)
{
	*(uint64_t *)state += e->kind == EV_TOYNODE;
}

static double entries_looked_at(const void *state, unsigned i)
{
	(void)i;
	return (double)*(const uint64_t *)state;
}

static const struct series_kind series = { .own = 1,
	.info = &looked,
	.order = order,
	.begin = begin_operation,
	.event = count_entry,
	.value = entries_looked_at };

/* ---- what predict asks: the chain ---- */

static bool find_question(const struct prediction_search *p, struct prediction *ret)
{
	uint64_t shown;
	const struct event *e = p->event.kind == EV_HASH && p->wanted
		? prediction_next(p, EV_TOYHEAD, -1, EV_TOYGROW, &shown)
		: NULL;
	if (!e)
		return false;
	ret->at = p->step;
	ret->reveal = shown;
	ret->letters = "";
	ret->base = 10;
	ret->most = e->c - 1;
	snprintf(ret->answer, sizeof ret->answer, "%" PRIu64, e->b);
	return true;
}

static void ask_chain(const struct scene *s, const struct prediction *q, char *out, size_t cap)
{
	snprintf(out, cap, "There are %" PRIu64 " chains. Which one does the hash of %s choose?", q->most + 1,
		s->hash.of);
}

static void hint_chain(const struct scene *s, const struct prediction *q, char *out, size_t cap)
{
	(void)s;
	snprintf(out, cap, "The low bits of the hash: what is left of it by %" PRIu64 ".", q->most + 1);
}

static const struct prediction_sort chain_question = { "chain", true, ask_chain, hint_chain, NULL, NULL, NULL,
	NULL };
static const struct explain_predictions predictions = { 1, &chain_question, find_question };

const struct explain explain_toy = { .kind = "toy",
	.finish = finish,
	.place_phrase = phrase_place,
	.text = text,
	.panels = panels,
	.code = &code,
	.series = &series,
	.predictions = &predictions };
