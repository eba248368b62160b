/* Lines that are typed: what each prompt asks for, and the commands after a colon. */
#include "ui/control/replay_private.h"
#include "ui/scene/object.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- places ---- */

static bool parse_number(const char *text, uint64_t *ret, const char **end)
{
	char *stop;
	if (*text < '0' || *text > '9')
		return false;
	*ret = strtoull(text, &stop, 10);
	*end = stop + strspn(stop, " ");
	return true;
}

static void go_place(struct replay *r, const char *text)
{
	uint64_t n;
	const char *end;
	if (!parse_number(text, &n, &end))
		return;
	if (*end == 0 || strcmp(end, "g") == 0)
		replay_jump(r, n);
	else if (strcmp(end, "G") == 0)
		replay_jump(r, state_op_first_step(&r->state, n));
	else if (strcmp(end, "%") == 0 && n <= 100)
		replay_jump(r, (uint64_t)((double)r->state.source->steps * (double)n / 100));
	else
		state_message(&r->state, true, _("not a place: %s; try 390, 15G or 50%%"), text);
}

/* ---- commands ---- */

static void do_op(struct replay *r, const char *argument)
{
	uint64_t n;
	const char *end;
	if (parse_number(argument, &n, &end) && !*end)
		replay_jump(r, state_op_first_step(&r->state, n));
	else
		state_message(&r->state, true, "%s", _("which operation? op 15"));
}

static void do_watch(struct replay *r, const char *argument)
{
	if (*argument)
		find_watch(r, argument);
	else
		find_key(r, ACTION_WATCH, 1);
}

static void do_unwatch(struct replay *r, const char *argument)
{
	(void)argument;
	if (r->find.watch.parts)
		state_message(&r->state, false, _("%s is not watched any more"), r->find.watch.name);
	r->find.watch.parts = 0;
}

static void do_follow(struct replay *r, const char *argument)
{
	find_follow(r, argument);
}

static void do_theme(struct replay *r, const char *argument)
{
	if (!replay_set_theme(r, argument))
		state_message(&r->state, true, _("there is no theme \"%s\"; Tab shows them"), argument);
}

static void do_save(struct replay *r, const char *argument)
{
	if (*argument)
		find_save(r, argument, false);
	else
		find_ask(r, ASK_SAVE, "");
}

static void bookmark_entered(struct replay *r, const char *words)
{
	uint64_t step = r->find.bookmark_step;
	r->find.bookmarks.source = r->state.source;
	if (!bookmarks_set(&r->find.bookmarks, step, words))
		state_message(&r->state, true, "%s", r->find.bookmarks.error);
	else
		state_message(&r->state, false, _("step %" PRIu64 " has a bookmark; ' lists them"), step);
}

static void do_bookmark(struct replay *r, const char *argument)
{
	r->find.bookmark_step = replay_step(r);
	if (!*argument)
		find_key(r, ACTION_NOTE, 1);
	else if (r->find.bookmark_step)
		bookmark_entered(r, argument);
	else
		state_message(&r->state, true, "%s", _("a bookmark needs a step: nothing has happened yet"));
}

static void do_search(struct replay *r, const char *argument)
{
	find_search(r, argument);
}

static void do_stop(struct replay *r, const char *argument)
{
	r->find.stop = strcmp(argument, "off") != 0;
	state_message(&r->state, false, "%s",
		r->find.stop ? _("playing stops at markers") : _("playing does not stop at markers"));
}

static void set_caches(struct replay *r, const struct cache_shape *s)
{
	char error[CACHE_ERROR], l1[40], l2[40];
	if (!cache_shape_check(s, error)) {
		state_message(&r->state, true, "%s", error);
		return;
	}
	r->state.caches = *s;
	cache_level_print(s->l1, l1, sizeof l1);
	cache_level_print(s->l2, l2, sizeof l2);
	state_message(
		&r->state, false, _("caches of the model: lines of %u bytes, L1 %s, L2 %s"), s->line, l1, l2);
}

static void do_line(struct replay *r, const char *argument)
{
	struct cache_shape s = r->state.caches;
	uint64_t n = 0;
	const char *end = "";
	s.line = parse_number(argument, &n, &end) && !*end && n <= LINE_MOST ? (uint32_t)n : 0;
	if (s.line)
		set_caches(r, &s);
	else
		state_message(&r->state, true, "%s", _("how long is a line? line 32, 64, 128 or 256"));
}

static void do_level(struct replay *r, const char *argument, bool second)
{
	struct cache_shape s = r->state.caches;
	if (cache_level_parse(argument, second ? &s.l2 : &s.l1))
		set_caches(r, &s);
	else
		state_message(&r->state, true, "%s",
			second ? _("which size and ways? l2 1M,16") : _("which size and ways? l1 32K,8"));
}

static void do_l1(struct replay *r, const char *argument)
{
	do_level(r, argument, false);
}

static void do_l2(struct replay *r, const char *argument)
{
	do_level(r, argument, true);
}

static void do_help(struct replay *r, const char *argument)
{
	(void)argument;
	r->state.help = true;
}

static void do_quit(struct replay *r, const char *argument)
{
	(void)argument;
	r->state.quit = true;
}

static const struct command_info {
	const char *name, *arguments;
	void (*run)(struct replay *r, const char *argument);
} table[] = {
	{ "op", "15", do_op },
	{ "watch", "count, 3.0:2, c0000040d2+8", do_watch },
	{ "unwatch", "", do_unwatch },
	{ "follow", N_("kiwi; nothing: no key any more"), do_follow },
	{ "search", "grapefruit, x 0a87", do_search },
	{ "note", N_("words"), do_bookmark },
	{ "stop", "on, off", do_stop },
	{ "theme", "dark", do_theme },
	{ "save", N_("file"), do_save },
	{ "line", "128", do_line },
	{ "l1", "48K,12", do_l1 },
	{ "l2", "2M,16", do_l2 },
	{ "help", "", do_help },
	{ "quit", "", do_quit },
};
enum { COMMANDS = sizeof table / sizeof table[0] };

/* The command that a word names or begins, when only one does. */
static const struct command_info *command_named(const char *word, size_t n)
{
	const struct command_info *found = NULL;
	for (int i = 0; i < COMMANDS; i++) {
		if (strlen(table[i].name) == n && strncmp(table[i].name, word, n) == 0)
			return &table[i];
		if (strncmp(table[i].name, word, n) == 0)
			found = found ? (const struct command_info *)-1 : &table[i];
	}
	return found == (const struct command_info *)-1 ? NULL : found;
}

static void run_command(struct replay *r, char *text)
{
	size_t end = strlen(text);
	while (end > 0 && text[end - 1] == ' ') /* completion leaves one */
		text[--end] = 0;
	text += strspn(text, " ");
	size_t n = strcspn(text, " ");
	if (*text >= '0' && *text <= '9') {
		go_place(r, text);
		return;
	}
	const struct command_info *c = n ? command_named(text, n) : NULL;
	if (c)
		c->run(r, text + n + strspn(text + n, " "));
	else if (n)
		state_message(&r->state, true,
			_("no such command: %s; try a step, op 15, 50%%, or Tab for the others"), text);
}

/* ---- completion ---- */

typedef const char *word_at(struct replay *r, int i); /* NULL: no more */

static const char *command_word(struct replay *r, int i)
{
	(void)r;
	return i < COMMANDS ? table[i].name : NULL;
}

static const char *theme_word(struct replay *r, int i)
{
	(void)r;
	return theme_name(i);
}

static const char *field_word(struct replay *r, int i)
{
	struct scene s;
	struct map_object header;
	return replay_scene(r, &s) && object_nth(&s, 0, &header) ? header.fields[i].name : NULL;
}

static const char *kind_word(struct replay *r, int i)
{
	(void)r;
	return i < EV_COUNT ? event_info[event_listed(i)].name : NULL;
}

/* Puts in what all words that begin like this go on with; tells which there are when that is nothing. */
static void complete(struct replay *r, struct prompt *p, const char *from, word_at *words)
{
	size_t n = strlen(from), common = 0, used = 0;
	const char *first = NULL, *w;
	char list[STATE_MESSAGE] = "", rest[64];
	int count = 0;
	for (int i = 0; (w = words(r, i)); i++) {
		if (strncmp(w, from, n) != 0)
			continue;
		if (!first) {
			first = w;
			common = strlen(w);
		}
		while (strncmp(first, w, common) != 0)
			common--;
		count++;
		if (used < sizeof list)
			used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? " " : "", w);
	}
	if (!first)
		return;
	if (common > n || count == 1) {
		snprintf(rest, sizeof rest, "%.*s%s", (int)(common - n), first + n, count == 1 ? " " : "");
		prompt_insert(p, rest);
	} else {
		state_message(&r->state, false, "%s", list);
	}
}

static void tab(struct replay *r, struct prompt *p)
{
	char *space = strchr(p->text, ' ');
	if (p->cursor != p->length)
		return;
	if (r->find.ask == ASK_SEARCH && strncmp(p->text, "e ", 2) == 0)
		complete(r, p, p->text + 2, kind_word);
	if (r->find.ask != ASK_COMMAND)
		return;
	if (!space)
		complete(r, p, p->text, command_word);
	else if (strncmp(p->text, "theme ", 6) == 0)
		complete(r, p, space + 1, theme_word);
	else if (strncmp(p->text, "watch ", 6) == 0)
		complete(r, p, space + 1, field_word);
	else if (strncmp(p->text, "search e ", 9) == 0)
		complete(r, p, p->text + 9, kind_word);
}

/* ---- saving ---- */

/* Asks for the frame; where there is such a file already the question comes back. */
void find_save(struct replay *r, const char *path, bool replace)
{
	snprintf(r->find.save, sizeof r->find.save, "%s", path);
	state_ask(&r->state, REQUEST_SAVE, replace);
}

/* A name for the frame of this step: the trace's, without folders and ending. */
static void save_name(const struct replay *r, char *out, size_t cap)
{
	const char *slash = strrchr(r->state.source->name, '/'),
		   *base = slash ? slash + 1 : r->state.source->name;
	size_t n = strcspn(base, ".");
	snprintf(out, cap, "%.*s-%" PRIu64 ".txt", (int)(n < 100 ? n : 100), n ? base : "frame",
		replay_step(r));
}

/* ---- prompts ---- */

void find_ask(struct replay *r, enum ask ask, const char *text)
{
	char name[PROMPT_MAX];
	if (ask == ASK_SAVE && !*text) {
		save_name(r, name, sizeof name);
		text = name;
	}
	r->state.playing = false;
	r->state.prompting = true;
	r->state.message[0] = 0;
	if (ask == ASK_SEARCH)
		state_message(&r->state, false, "%s", _("k keys, e events, x hex bytes; else all"));
	else if (ask == ASK_BOOKMARK_EDIT)
		state_message(&r->state, false, "%s", _("C-u clears"));
	r->find.ask = ask;
	prompt_start(&r->find.prompt[ask], text);
}

static void entered(struct replay *r, char *text)
{
	switch (r->find.ask) {
	case ASK_COMMAND: run_command(r, text); break;
	case ASK_SEARCH: find_search(r, text); break;
	case ASK_BOOKMARK:
	case ASK_BOOKMARK_EDIT: bookmark_entered(r, text); break;
	case ASK_SAVE:
		if (*text)
			find_save(r, text, false);
		break;
	case ASK_REPLACE:
		if (text[0] == 'y' || text[0] == 'Y')
			state_ask(&r->state, REQUEST_SAVE, true);
		break;
	default: break;
	}
}

void find_prompt_key(struct replay *r, int key)
{
	struct prompt *p = &r->find.prompt[r->find.ask];
	char text[PROMPT_MAX];
	r->state.message[0] = 0;
	r->state.alarm = false;
	switch (prompt_key(p, key)) {
	case PROMPT_DONE:
		r->state.prompting = false; /* what was entered may ask for more */
		memcpy(text, p->text, sizeof text);
		entered(r, text);
		break;
	case PROMPT_LEFT: r->state.prompting = false; break;
	case PROMPT_TAB: tab(r, p); break;
	default: break;
	}
}
