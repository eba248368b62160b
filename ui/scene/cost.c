/* What an operation cost; see cost.h. */
#include "ui/scene/cost.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include "trace/map/kind.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 64 };

/* What is found out on the way through an operation's steps. */
struct tally {
	struct op_cost *c;
	uint64_t line[COST_LINES];
	uint64_t place_group; /* address of the group that took or had the key; 0: none */
	uint64_t got_at;      /* address of the elem that a get gave */
};

static void touch(struct tally *t, const struct event *e)
{
	if (!e->addr || !e->size || e->size > LINE * 64)
		return;
	for (uint64_t at = e->addr / LINE; at <= (e->addr + e->size - 1) / LINE; at++) {
		unsigned i = 0;
		while (i < t->c->lines && t->line[i] != at)
			i++;
		if (i == t->c->lines && i < COST_LINES)
			t->line[t->c->lines++] = at;
	}
}

static void tally_event(struct tally *t, const struct event *e, enum phase phase)
{
	struct op_cost *c = t->c;
	if (event_info[e->kind].role == EVENT_read || e->kind == EV_WRITE)
		touch(t, e);
	switch (e->kind) {
	case EV_HASH:
		if (!c->hashed) {
			c->hashed = true;
			c->hash = e->a;
			c->top = (uint8_t)e->c;
		}
		break;
	case EV_INSERT:
	case EV_FOUND:
	case EV_REMOVE:
		if (phase != PHASE_EVACUATE && phase != PHASE_ITERATE) {
			t->place_group = e->addr;
			c->slot = (int)(e->a & 0xff);
		}
		break;
	case EV_ITEM:
		c->items += !e->map || e->map == c->map;
		break; /* not the loops of a map over its own parts */
	case EV_GOT: t->got_at = e->a ? e->addr : 0; break;
	case EV_FAULT: c->fault = e->a < FAULTS ? (int)e->a : 0; break;
	case EV_DONE: c->outcome = e->a < OUTCOMES ? (enum outcome)e->a : OUTCOME_DONE; break;
	default: break;
	}
	for (int k = 0; k < MAP_KINDS; k++) /* a map may be made of those of other kinds */
		if (explains[k]->cost)
			explains[k]->cost(c, e, phase);
}

static bool tally_steps(struct tally *t, struct player *p)
{
	enum phase phase = PHASE_NONE;
	uint64_t last = t->c->last - t->c->first < COST_STEPS ? t->c->last : t->c->first + COST_STEPS;
	t->c->whole = last == t->c->last;
	for (uint64_t step = t->c->first; step <= last; step++) {
		const struct event *e = player_event(p, step);
		if (!e)
			return false;
		if (e->kind == EV_PHASE)
			phase = e->a < PHASES ? (enum phase)e->a : PHASE_NONE;
		tally_event(t, e, phase);
	}
	return true;
}

static void print_place(struct op_cost *c, const struct map_view *v)
{
	char label[GROUP_LABEL];
	struct map_array a = { .name = "" };
	v->kind->array(v, c->place.array, &a);
	v->kind->label(v, &c->place, label, sizeof label);
	snprintf(c->where, sizeof c->where, "%s %s:%d", _(a.name), label, c->slot);
}

/* What needs the memory that the operation left behind: which group an address is, the elem that was got. */
static void look(struct tally *t, struct player *p)
{
	struct op_cost *c = t->c;
	struct source *s = p->source;
	struct map_view v;
	if (c->map == 0 || c->map > s->maps || (!t->place_group && !t->got_at))
		return;
	const struct map_info *m = &s->map[c->map - 1];
	if (player_seek(p, c->last) != 0)
		return;
	const struct reader *r = image_reader(p->image);
	if (t->got_at)
		value_print(r, &m->elem, t->got_at, VALUE_HUMAN, c->got, sizeof c->got);
	if (t->place_group && map_open(&v, s->map, c->map, r) && v.kind->locate)
		c->placed = v.kind->locate(&v, t->place_group, &c->bucket, 1, &c->place);
	if (c->placed)
		print_place(c, &v);
}

static bool work_out(struct costs *k, struct source *s, uint64_t op, struct op_cost *c)
{
	struct operation row, next;
	*c = (struct op_cost){ .op = op, .fault = -1 };
	if (s->operation(s, op, &row) != 0)
		return false;
	c->map = row.map;
	c->kind = row.kind < OP_KINDS ? row.kind : OP_NONE;
	c->first = row.first_step;
	c->last = s->steps;
	snprintf(c->words, sizeof c->words, "%s%s%s%s%s", op_kind_name[c->kind], row.key ? " " : "",
		row.key ? row.key : "", row.elem ? " " : "", row.elem ? row.elem : "");
	if (op < s->ops && s->operation(s, op + 1, &next) == 0 && next.first_step > c->first)
		c->last = next.first_step - 1;
	if (c->first > s->steps || c->last < c->first)
		return false;
	struct tally t = { .c = c };
	if (!tally_steps(&t, &k->player))
		return false;
	look(&t, &k->player);
	return true;
}

const struct op_cost *cost_of(struct costs *k, struct source *s, uint64_t op)
{
	struct op_cost *c = &k->kept[op % COSTS_KEPT];
	if (op == 0 || op > s->ops)
		return NULL;
	if (!k->open || k->player.source != s) {
		costs_release(k);
		player_init(&k->player, s);
		k->open = true;
	}
	if (c->op == op)
		return c;
	if (k->player.image && work_out(k, s, op, c))
		return c;
	c->op = 0;
	return NULL;
}

const struct op_cost *cost_known(const struct costs *k, uint64_t op)
{
	const struct op_cost *c = &k->kept[op % COSTS_KEPT];
	return op && c->op == op ? c : NULL;
}

void costs_release(struct costs *k)
{
	if (k->open)
		player_release(&k->player);
	memset(k, 0, sizeof *k);
}

struct builder *cost_part(struct builder *w)
{
	if (w->size)
		builder_text(w, ", ");
	return w;
}

void cost_result(const struct op_cost *c, char *out, size_t cap)
{
	struct builder in = builder_in(out, cap), *w = &in;
	if (c->fault >= 0) {
		builder_text(w, fault_text[c->fault]);
		return;
	}
	bool gives = c->kind == OP_LOADORSTORE || c->kind == OP_LOADANDDELETE || c->kind == OP_SWAP;
	if ((c->kind == OP_GET && c->outcome == OUTCOME_FOUND) || (gives && c->got[0]))
		builder_add(w, "= %s", c->got);
	else if (c->outcome == OUTCOME_ABSENT)
		builder_text(w, _("absent"));
	else if (c->outcome == OUTCOME_UPDATED)
		builder_text(w, _("updated"));
	if (c->items || c->kind == OP_NEXT || c->kind == OP_RANGE) {
		builder_add(cost_part(w), P_("%" PRIu64 " item", "%" PRIu64 " items", c->items), c->items);
		if (c->outcome == OUTCOME_END)
			builder_text(cost_part(w), _("end"));
	}
	for (int k = 0; k < MAP_KINDS; k++)
		if (explains[k]->result)
			explains[k]->result(w, c);
}

bool cost_placed_differently(const struct op_cost *a, const struct op_cost *b)
{
	return a->placed != b->placed ||
		(a->placed &&
			(a->place.index != b->place.index || a->place.depth != b->place.depth ||
				a->slot != b->slot || a->place.array != b->place.array)) ||
		a->overflow != b->overflow || a->grew != b->grew || a->new_B != b->new_B ||
		a->outcome != b->outcome || a->fault != b->fault || strcmp(a->words, b->words) != 0 ||
		strcmp(a->got, b->got) != 0;
}

bool cost_differs(const struct op_cost *a, const struct op_cost *b)
{
	return cost_placed_differently(a, b) || a->tophashes != b->tophashes || a->keys != b->keys ||
		a->lines != b->lines || a->moved != b->moved || a->last - a->first != b->last - b->first;
}
