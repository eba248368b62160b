/* What a step means; see scene.h.
 *
 * One walk over the log's events is a small state machine: the phase, and whatever the map's kind wants to
 * know. Everything else is read from memory at the step.
 */
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { FOCUS_EVENTS = 64 };

static void walk_event(struct scene *s, const struct event *e)
{
	if (e->kind == EV_OP) {
		s->phase = PHASE_NONE;
		s->after = false;
		s->slot = -1; /* the group in focus stays until another one is touched */
	} else if (e->kind == EV_PHASE) {
		s->phase = e->a < PHASES ? (enum phase)e->a : PHASE_NONE;
	} else if (e->kind == EV_DONE) {
		s->after = true;
	}
}

static void walk(struct scene *s, const struct explain *x)
{
	const struct log *l = s->log;
	uint32_t map = s->map ? s->map->map : 0, outer = s->outer ? s->outer->map : map;
	for (const struct event *e = l->event, *end = e + l->count; e < end; e++) {
		if (e->map && map && e->map != map && e->map != outer)
			continue;
		walk_event(s, e);
		if (x && x->walk)
			x->walk(s, e);
	}
}

static void clear_group(struct scene_group *g)
{
	memset(g, 0, offsetof(struct scene_group, bytes));
}

/* ---- the map ---- */

static void scene_map(struct scene *s)
{
	const struct source *src = s->player->source;
	unsigned number = s->event.map ? s->event.map : s->op.map ? s->op.map : 1;
	const struct explain *x;
	if (number > src->maps || !src->map)
		return;
	const struct map_info *m = &src->map[number - 1];
	x = explain_of(m->part_of ? &src->map[m->part_of - 1] : m);
	if (x->inner)
		number = x->inner(s, number);
	s->map = &src->map[number - 1];
	s->live = map_open(&s->view, src->map, number, s->mem);
	x = explain_of(s->map);
	if (x->open)
		x->open(s);
}

static void scene_event(struct scene *s)
{
	const struct event *e = s->step ? player_event(s->player, s->step) : NULL;
	if (!e) {
		s->event = (struct event){ .kind = EV_COUNT };
		return;
	}
	s->event = *e;
	if (e->size <= 8 || (e->kind != EV_WRITE && e->kind != EV_SAY)) {
		event_bytes_copy(e->new, e->size <= 8 ? e->size : 0, s->event_bytes);
	} else {
		uint64_t n = e->size < sizeof s->event_bytes ? e->size : sizeof s->event_bytes - 1;
		if (e->new.p)
			memcpy(s->event_bytes, e->new.p, n);
		s->event.new.p = s->event_bytes;
	}
	if (e->size > 8)
		s->event.old.p = NULL;
}

/* What the eyes are on where the kind does not say: what people hold, else what the operation touched last,
 * else the first group. */
static void scene_focus(struct scene *s, const struct hold *hold)
{
	size_t most = FOCUS_EVENTS;
	s->held = hold && hold->held;
	if (s->held) {
		group_at(s, hold->array, hold->index, hold->depth, &s->focus);
		s->slot = hold->slot;
		s->held = s->focus.ok;
	}
	for (size_t i = s->log->count;
		!s->focus.ok && most-- > 0 && i-- > 0 && s->log->first + i >= s->op.first;) {
		struct place p = scene_place(s, s->log->event[i].addr);
		if (p.kind != PLACE_GROUP)
			continue;
		s->focus.view = p.group;
		s->focus_addr = p.group.addr;
		s->slot = p.slot;
		group_fill(s, &s->focus);
	}
	if (s->focus.ok)
		return;
	s->slot = -1;
	group_at(s, 0, 0, 0, &s->focus);
}

void scene_make(struct scene *s, struct player *p, struct log *l, const struct player *was,
	const struct hold *hold, bool ascii)
{
	memset(s, 0, offsetof(struct scene, focus));
	clear_group(&s->focus);
	for (int i = 0; i < SCENE_BUCKETS; i++)
		clear_group(&s->table[i]);
	s->player = p;
	s->mem = image_reader(p->image);
	s->was = was ? image_reader(was->image) : NULL;
	s->step = s->now_from = s->now_to = p->step;
	s->steps = p->source->steps;
	s->ascii = ascii;
	s->slot = s->lines = -1;
	s->log = l;
	s->op = l->op;
	scene_event(s);
	scene_map(s);
	scene_race(s);
	scene_clean(s, log_narration(l, p->source, p->step), s->narration, sizeof s->narration);
	const struct explain *x = explain_of(s->map);
	walk(s, x);
	if (s->live && x->finish)
		x->finish(s, hold);
	else if (s->live)
		scene_focus(s, hold);
	s->place = scene_place(s, s->event.kind < EV_COUNT ? s->event.addr : 0);
}

/* ---- marks ---- */

static void mark_range(uint8_t *marks, uint64_t lo, size_t n, const struct event *e, uint8_t bit)
{
	uint64_t from = e->addr > lo ? e->addr - lo : 0, to = e->addr + e->size - lo;
	if (e->addr + e->size <= lo || e->addr >= lo + n)
		return;
	for (uint64_t i = from; i < to && i < n; i++)
		marks[i] |= bit;
}

void scene_marks(const struct scene *s, uint64_t lo, size_t n, uint8_t *marks)
{
	memset(marks, 0, n);
	for (size_t i = 0; i < s->log->count; i++) {
		const struct event *e = &s->log->event[i];
		uint64_t step = s->log->first + i;
		if (step < s->op.first || !s->op.op)
			continue;
		if (e->kind == EV_WRITE)
			mark_range(marks, lo, n, e, step >= s->now_from ? MARK_WRITE : MARK_WRITE_OP);
		else if (event_info[e->kind].role == EVENT_read)
			mark_range(marks, lo, n, e, step >= s->now_from ? MARK_READ : MARK_READ_OP);
	}
	for (size_t i = 0; i < s->log->spans && s->now_from < s->now_to; i++)
		mark_range(marks, lo, n, &s->log->span[i],
			s->log->span[i].kind == EV_WRITE ? MARK_WRITE : MARK_READ);
}

char mark_letter(uint8_t mark)
{
	return mark & MARK_WRITE       ? 'W'
		: mark & MARK_READ     ? 'R'
		: mark & MARK_WRITE_OP ? 'w'
		: mark & MARK_READ_OP  ? 'r'
				       : 0;
}
