/* Which half of a race is under way: its operation's key is "put plum 3 | get apple", and an event `rival` parts them. */
#include "ui/scene/scene.h"

#include <stdio.h>
#include <string.h>

/* The end of the word at p: a blank, but not one in quotes. */
static const char *word_end(const char *p)
{
	bool quoted = false;
	for (; *p && (quoted || *p != ' '); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && quoted && p[1])
			p++;
	}
	return p;
}

static const char *word_copy(const char *p, char *out, size_t cap)
{
	const char *end;
	while (*p == ' ')
		p++;
	end = word_end(p);
	if (out)
		snprintf(out, cap, "%.*s", (int)(end - p), p);
	return end;
}

/* The text of the second half. */
static const char *after_bar(const char *p)
{
	while (*p) {
		const char *end = word_copy(p, NULL, 0);
		if (end > p && end[-1] == '|' && (end - p == 1 || end[-2] == ' '))
			return end;
		p = end;
	}
	return p;
}

static enum op_kind kind_of(const char *word)
{
	for (int k = 1; k < OP_KINDS; k++)
		if (strcmp(op_kind_name[k], word) == 0)
			return (enum op_kind)k;
	return OP_RACE;
}

static void half_make(const struct scene *s, bool second, struct scene_op *out)
{
	char word[SCENE_TEXT];
	const char *p = second ? after_bar(s->op.key) : s->op.key;
	p = word_copy(p, word, sizeof word);
	out->kind = kind_of(word);
	p = word_copy(p, out->key, sizeof out->key);
	out->has_key = out->key[0] && out->key[0] != '|';
	out->elem[0] = 0;
	if (out->kind == OP_PUT)
		word_copy(p, out->elem, sizeof out->elem);
	out->has_elem = out->elem[0] != 0;
}

static bool writes_hmap(const struct scene *s, const struct event *e)
{
	return e->kind == EV_WRITE && s->live && e->addr == s->hmap.addr + HMAP_FLAGS;
}

/* The second comes between the first's steps when "writing" is set.  Then it is stopped, or finds an empty map and says
 * so; the first goes on where it looks for its bucket.  Otherwise it comes when the first has done. */
static bool second_runs(const struct scene *s)
{
	bool second = false, met = false, writing = false;
	for (size_t i = 0; i < s->log->count; i++) {
		const struct event *e = &s->log->event[i];
		if (s->log->first + i < s->op.first)
			continue;
		if (writes_hmap(s, e))
			writing = e->new.v & FLAG_WRITING;
		if (e->kind == EV_RIVAL) {
			second = true;
			met = writing;
		} else if (second && met) {
			bool first_goes_on = e->kind == EV_BUCKET || e->kind == EV_EVACUATED ||
					     (e->kind == EV_ALLOC && e->b == ROLE_BUCKETS);
			second = !first_goes_on;
		}
	}
	return second;
}

void scene_race(struct scene *s)
{
	s->run = s->op;
	if (s->op.kind == OP_RACE && s->op.has_key && s->event.kind != EV_OP && s->event.kind != EV_DONE)
		half_make(s, second_runs(s), &s->run);
}
