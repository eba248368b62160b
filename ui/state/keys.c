/* Keys and what they do; see keys.h. */
#include "ui/state/keys.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct action_info action_info[ACTIONS] = {
	{ "NONE", "", GROUP_OTHER, NULL },
#define ACTION(NAME, keys, group, help) { #NAME, keys, GROUP_##group, help },
#include "ui/state/keys.def"
#undef ACTION
};

/* In help pages the short names that are printed on keyboards. */
static const struct {
	const char *name;
	int key;
	const char *label;
} names[] = {
	{ "Left", K_LEFT, NULL },
	{ "Right", K_RIGHT, NULL },
	{ "Up", K_UP, NULL },
	{ "Down", K_DOWN, NULL },
	{ "Home", K_HOME, NULL },
	{ "End", K_END, NULL },
	{ "PageUp", K_PAGE_UP, "PgUp" },
	{ "PageDown", K_PAGE_DOWN, "PgDn" },
	{ "PPage", K_PAGE_UP, NULL },
	{ "NPage", K_PAGE_DOWN, NULL },
	{ "PgUp", K_PAGE_UP, NULL },
	{ "PgDn", K_PAGE_DOWN, NULL },
	{ "Enter", K_ENTER, NULL },
	{ "Escape", K_ESCAPE, "Esc" },
	{ "Esc", K_ESCAPE, NULL },
	{ "Tab", K_TAB, NULL },
	{ "BTab", K_BACK_TAB, "S-Tab" },
	{ "S-Tab", K_BACK_TAB, NULL },
	{ "Space", ' ', "space" },
	{ "BSpace", K_BACKSPACE, NULL },
	{ "DC", K_DELETE, NULL },
	{ "Delete", K_DELETE, NULL },
	{ "IC", K_INSERT, NULL },
	{ "Insert", K_INSERT, NULL },
};

static int key_named(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i].name) == n && strncmp(names[i].name, name, n) == 0)
			return names[i].key;
	if (n > 2 && (name[0] == 'C' || name[0] == '^') && name[1] == '-') {
		int c = name[2] | 0x20;
		return n == 3 && c >= 'a' && c <= 'z' ? c - 'a' + 1 : -1;
	}
	if (n > 2 && name[0] == 'M' && name[1] == '-') {
		int key = key_named(name + 2, n - 2);
		return key < 0 ? -1 : key | K_META;
	}
	if (n > 1 && n <= 3 && name[0] == 'F') {
		int f = atoi(name + 1);
		return f >= 1 && f <= 12 ? K_F1 + f - 1 : -1;
	}
	const char *p = name;
	uint32_t ch = utf8_next(&p);
	return (size_t)(p - name) == n && ch > ' ' ? (int)ch : -1;
}

int key_parse(const char **list)
{
	*list += strspn(*list, " \t\n");
	size_t n = strcspn(*list, " \t\n");
	if (n == 0)
		return 0;
	int key = key_named(*list, n);
	if (key >= 0)
		*list += n;
	return key;
}

/* ---- what people have bound themselves ---- */

enum { BOUND_MAX = 200 };
/* Of the whole program, set before the first key: the tables of this file are its defaults. */
static struct {
	int key;
	enum action action;
} bound[BOUND_MAX];
static size_t bound_count;

bool key_bind(int key, enum action a)
{
	size_t i = 0;
	while (i < bound_count && bound[i].key != key)
		i++;
	if (i == BOUND_MAX)
		return false;
	bound[i].key = key;
	bound[i].action = a;
	bound_count += i == bound_count;
	return true;
}

void key_unbind_all(void)
{
	bound_count = 0;
}

enum action key_action(int key)
{
	for (size_t i = 0; i < bound_count; i++)
		if (bound[i].key == key)
			return bound[i].action;
	for (int a = 1; a < ACTIONS; a++)
		for (const char *p = action_info[a].keys; *p;)
			if (key_parse(&p) == key)
				return (enum action)a;
	return ACTION_NONE;
}

enum action action_parse(const char *name)
{
	for (int a = 0; a < ACTIONS; a++) {
		const char *p = name, *q = action_info[a].name;
		while (*p && (*p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p) == *q) {
			p++;
			q++;
		}
		if (!*p && !*q)
			return (enum action)a;
	}
	return ACTIONS;
}

void key_print(int key, char *out, size_t cap)
{
	char text[5] = "";
	const char *prefix = key & K_META ? "M-" : "";
	key &= ~(int)K_META;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].key == key) {
			snprintf(out, cap, "%s%s", prefix, names[i].name);
			return;
		}
	if (key > 0 && key < ' ') {
		snprintf(out, cap, "%sC-%c", prefix, key + 'a' - 1);
	} else if (key >= K_F1 && key <= K_F12) {
		snprintf(out, cap, "%sF%d", prefix, key - K_F1 + 1);
	} else {
		text[utf8_encode((uint32_t)key, text)] = 0;
		snprintf(out, cap, "%s%s", prefix, text);
	}
}

/* Appends a name to a blank-separated list. */
static void list_add(char *out, size_t cap, const char *name, size_t len)
{
	size_t n = strlen(out);
	snprintf(out + n, cap - n, "%s%.*s", n ? " " : "", (int)len, name);
}

void action_key_list(enum action a, char *out, size_t cap)
{
	char name[32];
	out[0] = 0;
	for (size_t i = 0; i < bound_count; i++) /* what people chose comes first */
		if (bound[i].action == a) {
			key_print(bound[i].key, name, sizeof name);
			list_add(out, cap, name, strlen(name));
		}
	for (const char *p = action_info[a].keys; *p;) {
		p += strspn(p, " ");
		const char *start = p;
		int key = key_parse(&p);
		if (key <= 0)
			break;
		bool own = false;
		for (size_t i = 0; i < bound_count; i++)
			own = own || bound[i].key == key;
		if (!own)
			list_add(out, cap, start, (size_t)(p - start));
	}
}

static size_t add_keys(const char *list, bool all, char *out, size_t cap, size_t n)
{
	while (*list) {
		size_t len = strcspn(list, " ");
		const char *label = NULL;
		for (size_t i = 0; i < sizeof names / sizeof names[0] && !label; i++)
			if (strlen(names[i].name) == len && strncmp(names[i].name, list, len) == 0)
				label = names[i].label ? names[i].label : names[i].name;
		if (n + 1 < cap)
			n += (size_t)snprintf(out + n, cap - n, "%s%.*s", n ? " " : "", label ? 16 : (int)len,
				label ? label : list);
		list += len;
		list += strspn(list, " ");
		if (!all)
			break;
	}
	return n < cap ? n : cap - 1;
}

void action_keys(enum action a, bool all, char *out, size_t cap)
{
	size_t n = 0;
	out[0] = 0;
	int i = a;
	do {
		char list[256];
		action_key_list((enum action)i, list, sizeof list);
		n = add_keys(list, all, out, cap, n);
		i++;
	} while (i < ACTIONS && !action_info[i].help);
}
