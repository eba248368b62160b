/* Which half of a race is under way: its operation's key is "put plum 3 | get apple", and an event `rival`
 * parts them. */
#include "ui/scene/explain.h"

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

/* Without a kind that knows more, from the step on at which it comes. */
static bool second_comes(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_SECOND)
			return true;
	return false;
}

void scene_race(struct scene *s)
{
	const struct explain *x = explain_of(s->map);
	s->run = s->op;
	if (s->op.kind == OP_RACE && s->op.has_key && s->event.kind != EV_OP && s->event.kind != EV_DONE)
		half_make(s, x && x->second_runs ? x->second_runs(s) : second_comes(s), &s->run);
}
